using System.Text.Json;

namespace Minion.Tools.Schemas;

/// <summary>
/// What a schema of draft 2020-12 looks like, as one schema: for schemas that refer to the draft's own. Source: the tables of keywords of
/// https://json-schema.org/draft/2020-12/json-schema-core and …/json-schema-validation.
/// </summary>
internal static class DraftSchema
{
    public const string Uri = "https://json-schema.org/draft/2020-12/schema";
    public const string ValidationVocabulary = "https://json-schema.org/draft/2020-12/vocab/validation";

    public static JsonElement Root { get; } = JsonElement.Parse(
        """
        {
          "$id": "https://json-schema.org/draft/2020-12/schema",
          "$dynamicAnchor": "meta",
          "type": ["object", "boolean"],
          "properties": {
            "$id": { "type": "string", "pattern": "^[^#]*#?$" },
            "$schema": { "type": "string" },
            "$ref": { "type": "string" },
            "$anchor": { "$ref": "#/$defs/anchor" },
            "$dynamicRef": { "type": "string" },
            "$dynamicAnchor": { "$ref": "#/$defs/anchor" },
            "$vocabulary": { "type": "object", "additionalProperties": { "type": "boolean" } },
            "$comment": { "type": "string" },
            "$defs": { "$ref": "#/$defs/map" },
            "prefixItems": { "$ref": "#/$defs/list" },
            "items": { "$dynamicRef": "#meta" },
            "contains": { "$dynamicRef": "#meta" },
            "additionalProperties": { "$dynamicRef": "#meta" },
            "properties": { "$ref": "#/$defs/map" },
            "patternProperties": { "$ref": "#/$defs/map" },
            "dependentSchemas": { "$ref": "#/$defs/map" },
            "propertyNames": { "$dynamicRef": "#meta" },
            "if": { "$dynamicRef": "#meta" },
            "then": { "$dynamicRef": "#meta" },
            "else": { "$dynamicRef": "#meta" },
            "allOf": { "$ref": "#/$defs/list" },
            "anyOf": { "$ref": "#/$defs/list" },
            "oneOf": { "$ref": "#/$defs/list" },
            "not": { "$dynamicRef": "#meta" },
            "unevaluatedItems": { "$dynamicRef": "#meta" },
            "unevaluatedProperties": { "$dynamicRef": "#meta" },
            "type": { "anyOf": [ { "$ref": "#/$defs/type" }, { "type": "array", "items": { "$ref": "#/$defs/type" }, "minItems": 1, "uniqueItems": true } ] },
            "const": true,
            "enum": { "type": "array" },
            "multipleOf": { "type": "number", "exclusiveMinimum": 0 },
            "maximum": { "type": "number" },
            "exclusiveMaximum": { "type": "number" },
            "minimum": { "type": "number" },
            "exclusiveMinimum": { "type": "number" },
            "maxLength": { "$ref": "#/$defs/count" },
            "minLength": { "$ref": "#/$defs/count" },
            "pattern": { "type": "string" },
            "maxItems": { "$ref": "#/$defs/count" },
            "minItems": { "$ref": "#/$defs/count" },
            "uniqueItems": { "type": "boolean" },
            "maxContains": { "$ref": "#/$defs/count" },
            "minContains": { "$ref": "#/$defs/count" },
            "maxProperties": { "$ref": "#/$defs/count" },
            "minProperties": { "$ref": "#/$defs/count" },
            "required": { "$ref": "#/$defs/texts" },
            "dependentRequired": { "type": "object", "additionalProperties": { "$ref": "#/$defs/texts" } },
            "title": { "type": "string" },
            "description": { "type": "string" },
            "deprecated": { "type": "boolean" },
            "readOnly": { "type": "boolean" },
            "writeOnly": { "type": "boolean" },
            "examples": { "type": "array" },
            "format": { "type": "string" },
            "contentEncoding": { "type": "string" },
            "contentMediaType": { "type": "string" },
            "contentSchema": { "$dynamicRef": "#meta" }
          },
          "$defs": {
            "anchor": { "type": "string", "pattern": "^[A-Za-z_][-A-Za-z0-9._]*$" },
            "count": { "type": "integer", "minimum": 0 },
            "texts": { "type": "array", "items": { "type": "string" }, "uniqueItems": true },
            "type": { "enum": ["array", "boolean", "integer", "null", "number", "object", "string"] },
            "map": { "type": "object", "additionalProperties": { "$dynamicRef": "#meta" } },
            "list": { "type": "array", "minItems": 1, "items": { "$dynamicRef": "#meta" } }
          }
        }
        """);
}
