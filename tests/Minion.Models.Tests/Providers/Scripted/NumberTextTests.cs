using System.Globalization;
using Minion.Models.Providers.Scripted;

namespace Minion.Models.Tests.Providers.Scripted;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData("2,340", "2340")]
    [InlineData("2340.", "2340")]
    [InlineData("1,234,567.89", "1234567.89")]
    [InlineData("1.234.567,89", "1234567.89")]
    [InlineData("1.234.567", "1234567")]
    [InlineData("17,5", "17.5")]
    [InlineData("17.5", "17.5")]
    [InlineData("1 234.5", "1234.5")]
    [InlineData("1'234.50", "1234.50")]
    [InlineData("-3", "-3")]
    [InlineData("1e3", "1000")]
    [InlineData("007", "7")]
    public void Numbers_are_read_as_people_write_them(string text, string number) =>
        NumberText.Read(text).ToString(CultureInfo.InvariantCulture).ShouldBe(number);

    [Theory]
    [InlineData("")]
    [InlineData(".,")]
    [InlineData("12a")]
    [InlineData("99999999999999999999999999999999")]
    [InlineData("1 + 1")]
    public void What_is_no_number_is_refused(string text) =>
        Should.Throw<TemplateException>(() => NumberText.Read(text)).Message.ShouldEndWith("is not a number");
}
