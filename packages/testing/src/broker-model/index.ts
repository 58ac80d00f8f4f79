/** For whoever compares a profile with the broker it stands for. */
export { createModel, type Model } from "./broker-model.ts";
export type { ProfileName } from "../world/profile.ts";
