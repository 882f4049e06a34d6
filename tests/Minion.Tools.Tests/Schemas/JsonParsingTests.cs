using System.Text;
using System.Text.Json;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Execution;
using Minion.Tools.Registry;
using Minion.Tools.Schemas;

namespace Minion.Tools.Tests.Schemas;

/// <summary>The json-parsing-suite: what must be read, what must be refused, and what may be either but never breaks anything.</summary>
public sealed class JsonParsingTests
{
    private const string Suite = "json-parsing-suite/test_parsing.jsonl";

    [Fact]
    public void Schemas_are_read_as_the_suite_wants()
    {
        var wrong = new List<string>();
        foreach (var item in Items())
        {
            var accepted = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(item.Bytes)).AsSpan().SequenceEqual(item.Bytes) && IsJson(Encoding.UTF8.GetString(item.Bytes));
            if (item.Expect != "either" && accepted != (item.Expect == "accept"))
            {
                wrong.Add($"{item.Name}: {item.Expect}");
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Arguments_are_read_as_the_suite_wants()
    {
        var tool = RegisteredTool.Create(
            FakeTool.Ok(FakeTool.Describe() with { InputSchema = "{}" }), FakeTool.Describe() with { InputSchema = "{}" }, "", TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var (accepted, refused, wrong) = (0, 0, new List<string>());
        foreach (var item in Items().Where(item => IsUtf8(item.Bytes)))
        {
            // Arguments are an object: what the suite has is a member of it.
            var failure = Arguments.Check($$"""{"value":{{Encoding.UTF8.GetString(item.Bytes)}}}""", tool, new List<Repair>(), out _);
            if (item.Expect == "accept" && failure is not null && !IsStricter(item.Name))
            {
                wrong.Add($"{item.Name}: {failure.Message}");
            }
            else if (item.Expect == "reject" && failure is null && !IsJsonInside(item.Bytes))
            {
                wrong.Add($"{item.Name} was read");
            }

            (accepted, refused) = failure is null ? (accepted + 1, refused) : (accepted, refused + 1);
        }

        TestContext.Current.SendDiagnosticMessage($"json-parsing-suite: {accepted} read, {refused} refused, {wrong.Count} wrong");
        wrong.ShouldBeEmpty();
    }

    /// <summary>Members that stand twice are JSON, but no arguments: which one counts is anybody's guess.</summary>
    private static bool IsStricter(string name) => name is "y_object_duplicated_key.json" or "y_object_duplicated_key_and_value.json";

    private static bool IsJson(string text)
    {
        try
        {
            JsonSchema.Parse(text);
            return true;
        }
        catch (SchemaException exception)
        {
            // JSON that is no schema was read all the same.
            return !exception.Message.Contains("is no JSON", StringComparison.Ordinal);
        }
    }

    /// <summary>Some texts that are no JSON document become one between the braces of another, for example an empty one or one with a brace too many.</summary>
    private static bool IsJsonInside(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse($$"""{"value":{{Encoding.UTF8.GetString(bytes)}}}""");
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsUtf8(byte[] bytes) => System.Text.Unicode.Utf8.IsValid(bytes);

    private static IEnumerable<(string Name, string Expect, byte[] Bytes)> Items() =>
        from line in File.ReadLines(SharedData.PathOf(Suite))
        let item = JsonElement.Parse(line)
        select (item.GetProperty("name").GetString()!, item.GetProperty("expect").GetString()!, item.GetProperty("base64").GetBytesFromBase64());
}
