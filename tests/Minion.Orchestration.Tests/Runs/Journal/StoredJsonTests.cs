using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Tests.Runs.Journal;

public sealed class StoredJsonTests
{
    [Theory]
    [InlineData("""{"a":[1,-2.5e3,true,null,"😀 \u0000 \ud83d\ude00"],"a":1}""")]
    [InlineData("1.7e308")]
    [InlineData("1e-400")]
    [InlineData("\"\"")]
    public void What_can_be_stored_passes(string json) => StoredJson.Problem(json, 8).ShouldBeNull();

    [Theory]
    [InlineData("", "is not JSON")]
    [InlineData("{\"a\":", "is not JSON")]
    [InlineData("[[[[[[[[[1]]]]]]]]]", "of at most 8 levels")]
    [InlineData("""{"a":"\ud800"}""", "half of a surrogate pair in the text at character 6")]
    [InlineData("""{"\udc00x":1}""", "half of a surrogate pair")]
    [InlineData("[1e309]", "number at character 2 that is too large")]
    [InlineData("-1e1000000", "too large")]
    public void What_cannot_be_stored_says_why(string json, string problem) => StoredJson.Problem(json, 8)!.ShouldContain(problem);

    [Theory]
    [InlineData("", null)]
    [InlineData("""{"a":{"b":1}}""", null)]
    [InlineData("[]", "no JSON object")]
    [InlineData("""{"a":1,"a":2}""", "is not JSON")]
    [InlineData("""{"a":"\ud800"}""", "surrogate")]
    public void Arguments_are_an_object_whose_members_differ(string json, string? problem)
    {
        if (problem is null)
        {
            StoredJson.ProblemOfArguments(json, 8).ShouldBeNull();
        }
        else
        {
            StoredJson.ProblemOfArguments(json, 8)!.ShouldContain(problem);
        }
    }
}
