using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Minion.Bench.Reporting;
using Minion.Tools.Schemas;

namespace Minion.Bench.Figures;

/// <summary>Validating arguments by their JSON Schema, beside parsing the same bytes.</summary>
internal sealed class SchemasFigure : IFigure
{
    private const int Times = 200;

    private const string Schema =
        """
        {
          "type": "object",
          "properties": {
            "customer": { "type": "object", "properties": { "id": { "type": "string", "pattern": "^[a-z0-9-]{8,40}$" }, "name": { "type": "string", "maxLength": 200 } }, "required": ["id"], "additionalProperties": false },
            "lines": { "type": "array", "maxItems": 100, "items": { "$ref": "#/$defs/line" } },
            "note": { "type": ["string", "null"] }
          },
          "required": ["customer", "lines"],
          "additionalProperties": false,
          "$defs": {
            "line": {
              "type": "object",
              "properties": { "article": { "type": "string", "minLength": 1 }, "count": { "type": "integer", "minimum": 1 }, "price": { "type": "number", "minimum": 0 }, "unit": { "enum": ["piece", "kg", "m"] } },
              "required": ["article", "count", "unit"],
              "additionalProperties": false
            }
          }
        }
        """;

    public string Name => "schemas";

    public string Description => "validating arguments by JSON Schema beside parsing them";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Measuring measuring, CancellationToken ct)
    {
        var lines = string.Join(',', Enumerable.Range(0, 40).Select(i => $$"""{"article":"article {{i}}","count":{{i + 1}},"price":{{i}}.25,"unit":"piece"}"""));
        var bytes = Encoding.UTF8.GetBytes($$"""{"customer":{"id":"customer-00001","name":"Ada"},"lines":[{{lines}}],"note":null}""");
        var schema = JsonSchema.Parse(Schema);
        var instance = JsonElement.Parse(bytes);
        var (validating, parsing) = await Measuring.InTurnsAsync(
            duration => Task.FromResult(Microseconds(duration, () => schema.IsValid(instance))),
            duration => Task.FromResult(Microseconds(duration, () => Parse(bytes))),
            measuring.Duration,
            ct);
        return [new Measurement(Name, $"{bytes.Length} bytes of arguments", validating, "µs") { Reference = parsing, ReferenceIs = "System.Text.Json parsing them" }];
    }

    private static bool Parse(byte[] bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        return document.RootElement.ValueKind == JsonValueKind.Object;
    }

    private static double Microseconds(TimeSpan duration, Func<bool> act)
    {
        var took = new List<double>();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < duration)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < Times; i++)
            {
                if (!act())
                {
                    throw new InvalidOperationException("What should fit does not.");
                }
            }

            took.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds / Times);
        }

        return Measuring.Median(took);
    }
}
