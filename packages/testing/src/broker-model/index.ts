/** The model of a broker, for authors of a transport who compare it with the real broker. */
export { createModel, type Model } from "./broker-model.ts";
export type { ProfileName } from "../world/profile.ts";
