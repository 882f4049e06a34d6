using System.Text.Json;
using Minion.Testing.Time;
using Minion.Tools.BuiltIn;

namespace Minion.Tools.Tests.BuiltIn;

public sealed class TimeTests
{
    private readonly TimeTool _tool = new(new ManualTime());

    [Theory]
    [InlineData("Tokyo", "Asia/Tokyo", "23:05")]
    [InlineData("  tokyo ", "Asia/Tokyo", "23:05")]
    [InlineData("Asia/Tokyo", "Asia/Tokyo", "23:05")]
    [InlineData("asia/tokyo", "Asia/Tokyo", "23:05")]
    [InlineData("New York", "America/New_York", "09:05")]
    [InlineData("new_york", "America/New_York", "09:05")]
    [InlineData("NYC", "America/New_York", "09:05")]
    [InlineData("New York, USA", "America/New_York", "09:05")]
    [InlineData("São Paulo", "America/Sao_Paulo", "11:05")]
    [InlineData("Sao Paulo", "America/Sao_Paulo", "11:05")]
    [InlineData("Zürich", "Europe/Zurich", "15:05")]
    [InlineData("München", "Europe/Berlin", "15:05")]
    [InlineData("Kraków", "Europe/Warsaw", "15:05")]
    [InlineData("San Francisco", "America/Los_Angeles", "06:05")]
    [InlineData("Mumbai", "Asia/Kolkata", "19:35")]
    [InlineData("Beijing", "Asia/Shanghai", "22:05")]
    [InlineData("germany", "Europe/Berlin", "15:05")]
    [InlineData("St. Petersburg", "Europe/Moscow", "17:05")]
    [InlineData("Washington, D.C.", "America/New_York", "09:05")]
    [InlineData("Kathmandu", "Asia/Kathmandu", "19:50")]
    [InlineData("UTC", "UTC", "14:05")]
    [InlineData("", "UTC", "14:05")]
    public async Task A_place_has_its_zone(string place, string zone, string time)
    {
        var value = (await _tool.InvokeAsync(JsonSerializer.Serialize(new { place }))).Value();

        TimeZoneInfo.FindSystemTimeZoneById(value.GetProperty("zone").GetString()!).HasSameRules(TimeZoneInfo.FindSystemTimeZoneById(zone))
            .ShouldBeTrue(value.GetRawText());
        value.GetProperty("time").GetString().ShouldBe(time);
    }

    [Fact]
    public async Task The_result_says_everything_about_the_moment()
    {
        var value = (await _tool.InvokeAsync("""{"place":"Asia/Tokyo"}""")).Value();

        value.GetRawText().ShouldBe(
            """{"time":"23:05","date":"2026-01-31","weekday":"Saturday","zone":"Asia/Tokyo","utc_offset":"+09:00","iso":"2026-01-31T23:05:00+09:00"}""");
    }

    [Fact]
    public async Task Without_a_place_it_is_UTC() =>
        (await _tool.InvokeAsync("{}")).Value().GetProperty("utc_offset").GetString().ShouldBe("+00:00");

    [Theory]
    [InlineData("Tokio", "Tokyo")]
    [InlineData("Sidney", "Sydney")]
    [InlineData("Lodon", "London")]
    public async Task A_misspelt_place_is_a_failure_that_names_the_nearest(string place, string nearest) =>
        (await _tool.InvokeAsync(JsonSerializer.Serialize(new { place }))).Failure().Hint.ShouldContain($"'{nearest}'");

    [Theory]
    [InlineData("Atlantis")]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/localtime")]
    [InlineData("Asia/../../../etc/passwd")]
    [InlineData("\u0000")]
    [InlineData("東京")]
    public async Task An_unknown_place_is_a_failure(string place) =>
        (await _tool.InvokeAsync(JsonSerializer.Serialize(new { place }))).Failure().Message.ShouldContain("is not known");
}
