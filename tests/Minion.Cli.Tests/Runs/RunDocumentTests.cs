using Minion.Cli.Output;
using Minion.Cli.Runs;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Tests.Runs;

public sealed class RunDocumentTests
{
    [Fact]
    public void The_answer_comes_with_the_calls_in_the_order_in_which_they_were_asked_for()
    {
        var calls = new ToolCallLog();
        calls.Add(Entries.Calls(1, ("calculator", "{\"expression\":\"1+1\"}"), ("time", "not json")));
        calls.Add(Entries.Fails(1, 1, "time", "no such place"));
        calls.Add(Entries.Result(1, 0, "calculator", "{\"value\":2}"));
        var run = new Run { Id = "r", Agent = "hello", SessionId = "s", Status = RunStatus.Completed, Output = "2.", Usage = new Usage { InputTokens = 7, ToolCalls = 2 } };

        var document = RunDocument.Create(run, calls);

        document["answer"]!.GetValue<string>().ShouldBe("2.");
        document["status"]!.GetValue<string>().ShouldBe("completed");
        document["usage"]!["input_tokens"]!.GetValue<long>().ShouldBe(7);
        document["tool_calls"]!.ToJsonString(JsonOutput.Compact).ShouldBe(
            """[{"tool":"calculator","arguments":{"expression":"1+1"},"result":{"value":2},"failed":false,"error":null},"""
            + """{"tool":"time","arguments":"not json","result":null,"failed":true,"error":"no such place"}]""");
    }

    [Fact]
    public void Results_in_the_step_after_the_answer_that_asked_belong_to_it()
    {
        var calls = new ToolCallLog();
        calls.Add(Entries.Calls(1, ("time", "{\"place\":\"Oslo\"}")));
        calls.Add(Entries.Result(2, 0, "time", "1"));
        calls.Add(Entries.Calls(3, ("time", "{\"place\":\"Rome\"}")));
        calls.Add(Entries.Result(4, 0, "time", "2"));

        calls.ToJson().Select(c => c!["arguments"]!["place"]!.GetValue<string>() + c["result"]!.ToJsonString()).ShouldBe(["Oslo1", "Rome2"]);
    }

    [Fact]
    public void A_failed_run_has_an_error_and_no_answer()
    {
        var run = new Run { Status = RunStatus.Failed, Error = new RunError { Kind = "limit_exceeded", Message = "Too many steps.", Hint = "Allow more." } };

        var document = RunDocument.Create(run, new ToolCallLog());

        document["answer"].ShouldBeNull();
        document["error"]!["kind"]!.GetValue<string>().ShouldBe("limit_exceeded");
    }
}
