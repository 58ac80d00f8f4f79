/** A table of a database: each call is atomic, several calls are not. */
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

  /** False when there is one already. */
  insert(key: string | number, row: Row): boolean {
    if (this.has(key)) return false;
    this.put(key, row);
    return true;
  }

  /** Reads and writes in one. */
  change(key: string | number, to: (row: Row | undefined) => Row): Row {
    const row = to(this.get(key));
    this.put(key, row);
    return row;
  }

  get size(): number {
    return this.rows.size;
  }
}
