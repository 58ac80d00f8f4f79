/** Its types end at its door; `kafkajs.ts` says what each of these parts is. */
declare module "kafkajs/src/*" {
  const part: unknown;
  export default part;
}
