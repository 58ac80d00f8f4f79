// Lets a thread read TypeScript on Node 20: `--import tsx` does so in the first thread only.
import { register } from "tsx/esm/api";

register();
