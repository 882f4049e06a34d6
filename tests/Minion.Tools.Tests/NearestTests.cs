namespace Minion.Tools.Tests;

public sealed class NearestTests
{
    private static readonly string[] Tools = ["calculator", "http_get", "notes_add", "notes_list", "time"];

    [Theory]
    [InlineData("calculater", "calculator")]
    [InlineData("Calculator", "calculator")]
    [InlineData("functions.calculator", "calculator")]
    [InlineData("note_add", "notes_add")]
    [InlineData("httpget", "http_get")]
    [InlineData("tme", "time")]
    public void The_nearest_name_comes_first(string name, string nearest) => Nearest.To(name, Tools, count: 3)[0].ShouldBe(nearest);

    [Theory]
    [InlineData("")]
    [InlineData("zzzzzz")]
    [InlineData("weather_forecast")]
    public void Nothing_is_near_to_something_else(string name) => Nearest.To(name, Tools, count: 3).ShouldBeEmpty();
}
