/** A database table: each call is atomic, a sequence of calls is not. */
export class Table<Row> {
  readonly rows: Map<string, Row> = new Map();

  get(key: string | number): Row | undefined {
    return this.rows.get(String(key));
  }

  has(key: string | number): boolean {
    return this.rows.has(String(key));
  }

  put(key: string | number, row: Row): void {
    this.rows.set(String(key), row);
  }

  remove(key: string | number): void {
    this.rows.delete(String(key));
  }

  /** Adds a row; returns false if the key exists. */
  insert(key: string | number, row: Row): boolean {
    if (this.has(key)) return false;
    this.put(key, row);
    return true;
  }

  /** Reads and writes a row in one atomic call. */
  change(key: string | number, to: (row: Row | undefined) => Row): Row {
    const row = to(this.get(key));
    this.put(key, row);
    return row;
  }

  get size(): number {
    return this.rows.size;
  }
}
