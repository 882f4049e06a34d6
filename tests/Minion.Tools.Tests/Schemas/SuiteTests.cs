using System.Text.Json;
using Minion.Tools.Schemas;

namespace Minion.Tools.Tests.Schemas;

/// <summary>The public JSON Schema test suite for draft 2020-12.</summary>
public sealed class SuiteTests
{
    private const string Suite = "json-schema-test-suite";

    [Fact]
    public void The_mandatory_cases_pass()
    {
        var cases = Cases("tests/draft2020-12", SearchOption.TopDirectoryOnly);

        var failed = cases.Where(c => !c.Passes(Documents())).Select(c => c.Name).ToList();

        cases.Count.ShouldBe(1299);
        Console.WriteLine($"Score: JSON Schema 2020-12: {cases.Count - failed.Count} of {cases.Count} required tests pass");
        failed.ShouldBeEmpty();
    }

    [Fact]
    public void Nearly_all_regular_expressions_of_the_optional_cases_pass()
    {
        var cases = Cases("tests/draft2020-12/optional", SearchOption.TopDirectoryOnly)
            .Where(c => c.Name.Contains("regex", StringComparison.Ordinal) || c.Name.Contains("bignum", StringComparison.Ordinal)).ToList();

        var failed = cases.Where(c => !c.Passes(Documents())).Select(c => c.Name).ToList();

        (cases.Count - failed.Count).ShouldBeGreaterThan(cases.Count * 9 / 10, string.Join("\n", failed));
    }

    private static List<SuiteCase> Cases(string folder, SearchOption depth)
    {
        var root = SharedData.PathOf(Suite);
        return [.. from file in Directory.EnumerateFiles(Path.Combine(root, folder), "*.json", depth).Order(StringComparer.Ordinal)
                   let document = JsonDocument.Parse(File.ReadAllText(file))
                   from @group in document.RootElement.EnumerateArray()
                   let schema = @group.GetProperty("schema")
                   from test in @group.GetProperty("tests").EnumerateArray()
                   select new SuiteCase(
                       $"{Path.GetFileNameWithoutExtension(file)}: {@group.GetProperty("description")}: {test.GetProperty("description")}",
                       schema,
                       test.GetProperty("data"),
                       test.GetProperty("valid").GetBoolean())];
    }

    private static Dictionary<string, JsonElement> Documents()
    {
        var root = Path.Combine(SharedData.PathOf(Suite), "remotes");
        return Directory.EnumerateFiles(root, "*.json", SearchOption.AllDirectories).ToDictionary(
            file => "http://localhost:1234/" + Path.GetRelativePath(root, file).Replace('\\', '/'),
            file => JsonDocument.Parse(File.ReadAllText(file)).RootElement,
            StringComparer.Ordinal);
    }

    private sealed record SuiteCase(string Name, JsonElement Schema, JsonElement Data, bool Valid)
    {
        public bool Passes(Dictionary<string, JsonElement> documents)
        {
            try
            {
                var schema = JsonSchema.Compile(Schema, documents);
                return schema.IsValid(Data) == Valid && (schema.Validate(Data).Count == 0) == Valid;
            }
            catch (SchemaException)
            {
                return false;
            }
        }
    }
}
