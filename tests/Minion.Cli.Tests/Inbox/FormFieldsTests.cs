using Minion.Cli.Inbox;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Tests.Inbox;

public sealed class FormFieldsTests
{
    private const string Form =
        """
        {"type":"object","properties":{"name":{"type":"string"},"people":{"type":"integer"},"price":{"type":"number"},"window":{"type":"boolean"},
          "days":{"type":"array","items":{"enum":["mon","tue","wed"]}}},"required":["people"]}
        """;

    [Theory]
    [InlineData("people=4|name=Ada Lovelace", """{"people":4,"name":"Ada Lovelace"}""")]
    [InlineData("name=a=b", """{"name":"a=b"}""")]
    [InlineData("name=", """{"name":""}""")]
    [InlineData("name=4|price=1.5|window=yes", """{"name":"4","price":1.5,"window":true}""")]
    [InlineData("days=mon,tue", """{"days":["mon","tue"]}""")]
    [InlineData("days=mon|days=wed", """{"days":["mon","wed"]}""")]
    public void Fields_are_read_as_the_form_has_them(string given, string json) => FormPrompt.Fill(Form, given.Split('|')).ShouldBe(json);

    [Fact]
    public void What_does_not_fit_is_left_to_the_server_which_names_all_of_it() =>
        FormPrompt.Fill(Form, ["people=many", "window=perhaps", "nothing=1"]).ShouldBe("""{"people":"many","window":"perhaps","nothing":"1"}""");

    [Fact]
    public void What_is_no_field_is_said_all_at_once()
    {
        var failure = Should.Throw<CliFailure>(() => FormPrompt.Fill(Form, ["people", "=4", "name=a", "name=b"]));

        failure.ExitCode.ShouldBe(ExitCodes.Usage);
        failure.Message.ShouldBe("'people' is not of the form name=value. '=4' is not of the form name=value. The field 'name' is given twice.");
        failure.Hint.ShouldContain("\"people\": integer");
    }

    [Fact]
    public void Fields_accept_the_form_and_are_given_either_one_by_one_or_whole()
    {
        var item = new InboxItem { Form = Form, Choices = { "accept", "decline" } };

        FormFields.Choice(given: null, ["people=4"]).ShouldBe("accept");
        FormFields.Choice("decline", ["people=4"]).ShouldBe("decline");
        FormFields.Choice(given: null, []).ShouldBeNull();
        FormFields.Read(item, [], """{"people":5}""").ShouldBe("""{"people":5}""");
        Should.Throw<CliFailure>(() => FormFields.Read(item, ["people=4"], "{}")).ExitCode.ShouldBe(ExitCodes.Usage);
        Should.Throw<CliFailure>(() => FormFields.Read(new InboxItem(), ["people=4"], null)).Message.ShouldBe("It asks for no form.");
    }

    [Fact]
    public void The_form_of_a_run_is_its_only_one_unless_one_is_named()
    {
        var run = new Run { Id = "r", Questions = { new Question { Id = "q1", ItemId = "i1", Form = Form }, new Question { Id = "q2", ItemId = "i2" } } };

        FormFields.Find(run, question: null).ShouldBe("i1");
        FormFields.Find(run, "q1").ShouldBe("i1");
        Should.Throw<CliFailure>(() => FormFields.Find(run, "q2")).Message.ShouldContain("does not wait for such a form");
        run.Questions.Add(new Question { Id = "q3", ItemId = "i3", Form = Form });
        Should.Throw<CliFailure>(() => FormFields.Find(run, question: null)).Message.ShouldContain("2 forms");
        FormFields.Find(run, "q3").ShouldBe("i3");
    }
}
