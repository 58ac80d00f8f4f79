// Lets a thread load TypeScript on Node 20, where `--import tsx` works in the first thread only.
import { register } from "tsx/esm/api";

register();
