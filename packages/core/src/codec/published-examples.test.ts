import { expect, it } from "vitest";
import { textOf, utf8 } from "../runtime/bytes.ts";
import { decode } from "./decode.ts";

/** The examples of the CloudEvents JSON format, version 1.0.2, §2.4 and §3.2, as published. */
const attributes = {
  specversion: "1.0",
  type: "com.example.someevent",
  source: "/mycontext",
  subject: null,
  id: "C234-1234-1234",
  time: "2018-04-05T17:31:00Z",
  comexampleextension1: "value",
  comexampleothervalue: 5,
};

const read = (document: unknown): ReturnType<typeof decode> =>
  decode(
    { body: utf8(JSON.stringify(document)), contentType: "application/cloudevents+json", headers: {} },
    () => undefined,
  );

it("decodes data that is XML in a string", () => {
  const envelope = read({ ...attributes, datacontenttype: "application/xml", data: '<much wow="xml"/>' });
  expect(envelope).toMatchObject({
    id: "C234-1234-1234",
    source: "/mycontext",
    type: "com.example.someevent",
    time: "2018-04-05T17:31:00Z",
    data: '<much wow="xml"/>',
    extensions: {
      comexampleextension1: "value",
      comexampleothervalue: 5,
      datacontenttype: "application/xml",
    },
  });
  expect(envelope.extensions).not.toHaveProperty("subject"); // null means absent, §2.2
});

it("decodes data that is JSON", () => {
  const data = { appinfoA: "abc", appinfoB: 123, appinfoC: true };
  expect(read({ ...attributes, datacontenttype: "application/json", data }).data).toEqual(data);
});

it("decodes data that is a JSON string or number", () => {
  expect(read({ ...attributes, datacontenttype: "application/json", data: "I'm just a string" }).data).toBe(
    "I'm just a string",
  );
  expect(read({ ...attributes, data: 1.5 }).data).toBe(1.5);
});

it("decodes data in Base64", () => {
  const xml = '<much wow="xml"/>';
  const data_base64 = Buffer.from(xml).toString("base64");
  const { data } = read({ ...attributes, datacontenttype: "application/xml", data_base64 });
  expect(textOf(data as Uint8Array)).toBe(xml);
  expect(
    read({
      ...attributes,
      datacontenttype: "application/json",
      data_base64: Buffer.from("[1]").toString("base64"),
    }).data,
  ).toEqual([1]);
});

it("decodes a message without data", () => {
  expect(read(attributes).data).toBeUndefined();
});
