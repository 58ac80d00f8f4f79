/** The internal modules of kafkajs, which has no types for them; `kafkajs.ts` gives each its type. */
declare module "kafkajs/src/*" {
  const part: unknown;
  export default part;
}
