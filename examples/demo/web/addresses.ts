/** Where things are sent to. */
export const ADDRESSES = [
  "1 Streetford Road",
  "2 Roadford Avenue",
  "3 Avenue Fordstreet",
  "70 Kiln Hill",
  "23 Station Parade",
  "71 Old Harbour Way",
  "26 Millbrook Lane",
  "8 Priory Gate",
] as const;
