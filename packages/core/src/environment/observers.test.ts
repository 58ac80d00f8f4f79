import { describe, expect, it } from "vitest";
import { Observers } from "./observers.ts";

describe("observers", () => {
  it("are called with each value until they are removed, once for each time they were added", () => {
    const observers = new Observers<number>();
    const seen: number[] = [];
    const observe = (value: number): void => void seen.push(value);
    const remove = observers.add(observe);
    observers.add(observe);
    observers.notify(() => 1);
    remove();
    observers.notify(() => 2);
    expect(seen).toEqual([1, 1, 2]);
  });

  it("do not affect each other or the caller when one throws or rejects", () => {
    const observers = new Observers<number>();
    const seen: number[] = [];
    observers.add(() => {
      throw new Error("a failing observer");
    });
    const asynchronous: unknown = () => Promise.reject(new Error("a failing asynchronous observer"));
    observers.add(asynchronous as (value: number) => void);
    observers.add((value) => void seen.push(value));
    observers.notify(() => 1);
    expect(seen).toEqual([1]);
  });

  it("cause no computation of the value when there are none", () => {
    let computed = 0;
    const observers = new Observers<number>();
    observers.notify(() => (computed += 1));
    expect(computed).toBe(0);
  });
});
