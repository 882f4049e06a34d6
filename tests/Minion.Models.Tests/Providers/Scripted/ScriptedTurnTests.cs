using Microsoft.Extensions.AI;
using Minion.Models.Providers.Scripted;

namespace Minion.Models.Tests.Providers.Scripted;

public sealed class ScriptedTurnTests
{
    private static readonly object Percentages = new
    {
        rules = new object[]
        {
            new
            {
                match = @"(?<percent>[\d.,]+)\s*%\s*of\s*(?<amount>[\d.,]+)",
                calls = new[] { new { tool = "calculator", arguments = new { expression = "{{percent | number}} / 100 * {{amount | number}}" } } },
                say = "{{percent}} % of {{amount}} is {{calculator.value}}.",
                on_error = "No luck with {{percent}} %: {{error}}",
            },
            new
            {
                match = @"time is it in (?<place>\p{L}+)",
                calls = new[] { new { tool = "time", arguments = new { place = "{{place}}" } } },
                say = "In {{place}} it is {{time.time}}.",
            },
        },
        otherwise = "Pardon?",
    };

    [Fact]
    public void Matches_of_all_rules_are_called_together_and_answered_in_the_order_of_the_text()
    {
        var conversation = Conversation.With(Percentages, Tools, "calculator", "time");

        var answer = conversation.Ask("What time is it in Tokyo, what is 17.5 % of 2,340 and 5% of 10?");

        answer.ShouldBe("In Tokyo it is 23:05. 17.5 % of 2,340 is 42. 5 % of 10 is 42.");
        conversation.Rounds.ShouldHaveSingleItem().ShouldBe(
            ["""time {"place":"Tokyo"}""", """calculator {"expression":"17.5 / 100 * 2340"}""", """calculator {"expression":"5 / 100 * 10"}"""]);
    }

    [Fact]
    public void An_answer_may_be_json_with_what_was_said_in_it_and_with_braces()
    {
        var script = new { rules = new object[] { new { match = "do (?<what>[^.]+)", say = """{"input":"{{what | json}}","then":"\{{tasks.a.output}}"}""" } } };

        Conversation.With(script, Tools).Ask("do \"this\" \\ that").ShouldBe("""{"input":"\"this\" \\ that","then":"{{tasks.a.output}}"}""");
    }

    [Fact]
    public void A_message_that_no_rule_matches_gets_the_otherwise() =>
        Conversation.With(Percentages, Tools, "calculator").Ask("Tell me a joke.").ShouldBe("Pardon?");

    [Fact]
    public void Only_what_follows_the_last_user_message_counts()
    {
        var conversation = Conversation.With(Percentages, Tools, "calculator", "time");

        conversation.Ask("5% of 10").ShouldBe("5 % of 10 is 42.");
        conversation.Ask("5% of 10").ShouldBe("5 % of 10 is 42.");

        conversation.Rounds.Count.ShouldBe(2);
    }

    [Fact]
    public void The_same_conversation_gets_the_same_call_ids_also_when_its_beginning_is_cut_off()
    {
        var script = Conversation.Parse(Percentages);
        var offered = new HashSet<string> { "calculator" };
        List<ChatMessage> whole = [new(ChatRole.User, "hi"), new(ChatRole.Assistant, "Pardon?"), new(ChatRole.User, "5% of 10 and 6% of 10")];

        var first = ScriptedTurn.Next(script, whole, offered).Calls.Select(c => c.CallId).ToList();
        var again = ScriptedTurn.Next(script, [whole[^1]], offered).Calls.Select(c => c.CallId).ToList();

        first.Distinct().Count().ShouldBe(2);
        again.ShouldBe(first);
    }

    [Fact]
    public void A_call_whose_result_is_missing_is_made_again_and_the_others_are_not()
    {
        var script = Conversation.Parse(Percentages);
        var offered = new HashSet<string> { "calculator" };
        List<ChatMessage> messages = [new(ChatRole.User, "5% of 10 and 6% of 10")];
        var calls = ScriptedTurn.Next(script, messages, offered).Calls;
        messages.Add(new(ChatRole.Assistant, [.. calls]));
        messages.Add(new(ChatRole.Tool, [new FunctionResultContent(calls[0].CallId, """{"value":0.5}""")]));

        var next = ScriptedTurn.Next(script, messages, offered);

        next.Calls.ShouldHaveSingleItem().CallId.ShouldBe(calls[1].CallId);
    }

    [Theory]
    [InlineData("""{"error":"division by zero"}""")]
    [InlineData("""{"error":{"kind":"FAILED","message":"division by zero","hint":"…"}}""")]
    public void A_failed_call_gives_the_rules_own_apology(string result) =>
        Conversation.With(Percentages, (_, _) => result, "calculator").Ask("5% of 10").ShouldBe("No luck with 5 %: division by zero");

    [Fact]
    public void A_failure_may_come_as_an_exception_and_a_rule_without_on_error_has_a_plain_apology() =>
        Conversation.With(Percentages, (_, _) => new InvalidOperationException("no clock"), "time").Ask("What time is it in Oslo")
            .ShouldBe("I could not answer 'time is it in Oslo': no clock.");

    [Fact]
    public void One_failed_match_does_not_hide_the_other() =>
        Conversation.With(Percentages, (tool, _) => tool == "time" ? new InvalidOperationException("no clock") : new { value = 1 }, "time", "calculator")
            .Ask("5% of 20 and what time is it in Oslo").ShouldBe("5 % of 20 is 1. I could not answer 'time is it in Oslo': no clock.");

    [Fact]
    public void A_tool_that_is_not_offered_is_not_called()
    {
        var conversation = Conversation.With(Percentages, Tools, "time");

        conversation.Ask("5% of 10").ShouldBe("No luck with 5 %: the tool 'calculator' is not among this agent's tools");
        conversation.Rounds.ShouldBeEmpty();
    }

    [Fact]
    public void A_number_that_is_none_is_said_and_not_sent() =>
        Conversation.With(Percentages, Tools, "calculator").Ask(".% of 10").ShouldBe("No luck with . %: '.' is not a number");

    [Fact]
    public void A_field_that_the_result_lacks_is_named_with_those_that_it_has() =>
        Conversation.With(Percentages, (_, _) => new { text = "42" }, "calculator").Ask("5% of 10")
            .ShouldBe("No luck with 5 %: 'calculator.value' is not in the result, which has the fields text");

    [Fact]
    public void A_sequence_makes_one_call_after_the_other_and_hands_results_on()
    {
        var conversation = Conversation.With(
            new
            {
                rules = new[]
                {
                    new
                    {
                        match = @"double (?<n>\d+) twice",
                        sequence = true,
                        calls = new object[]
                        {
                            new { tool = "calculator", arguments = new { expression = "{{n}} * 2", factor = "{{n | number}}", keep = new object[] { 1, true, "{{n}}" } } },
                            new { tool = "calculator", arguments = new { expression = "{{calculator.value}} * 2", before = "{{calls.0.value}}" } },
                        },
                        say = "{{calls.0.value}}, then {{calculator.value}}.",
                    },
                },
            },
            (_, arguments) => new { value = int.Parse(arguments.GetProperty("expression").GetString()!.Split(' ')[0]) * 2 },
            "calculator");

        conversation.Ask("double 4 twice").ShouldBe("8, then 16.");

        conversation.Rounds.Count.ShouldBe(2);
        conversation.Rounds[0].ShouldBe(["""calculator {"expression":"4 * 2","factor":4,"keep":[1,true,"4"]}"""]);
        conversation.Rounds[1].ShouldBe(["""calculator {"expression":"8 * 2","before":8}"""]);
    }

    [Fact]
    public void A_sequence_stops_at_the_first_failure()
    {
        var conversation = Conversation.With(
            new { rules = new[] { new { match = "go", sequence = true, calls = new object[] { new { tool = "a" }, new { tool = "b" } }, say = "ok", on_error = "{{error}}" } } },
            (tool, _) => new InvalidOperationException($"{tool} is broken"),
            "a",
            "b");

        conversation.Ask("go").ShouldBe("a is broken");
        conversation.Rounds.ShouldHaveSingleItem().ShouldBe(["a {}"]);
    }

    [Fact]
    public void Captured_text_cannot_break_out_of_its_argument()
    {
        var conversation = Conversation.With(
            new { rules = new[] { new { match = "note (?<text>.*)", calls = new object[] { new { tool = "notes_add", arguments = new { text = "{{text}}" } } }, say = "{{notes_add.id}}" } } },
            (_, arguments) => new { id = arguments.EnumerateObject().Count() },
            "notes_add");

        conversation.Ask("""note ","admin":true,"x":"{{text}} \u0000""").ShouldBe("1");
    }

    [Fact]
    public void A_list_is_spoken_with_commas_and_a_field_of_a_list_is_that_of_its_items()
    {
        var script = new { rules = new[] { new { match = "notes", calls = new object[] { new { tool = "list" } }, say = "{{list.notes.text}}; first {{list.notes.0.text | upper}}; {{list.notes}}" } } };

        Conversation.With(script, (_, _) => new { notes = new[] { new { text = "milk" }, new { text = "eggs" } } }, "list").Ask("notes")
            .ShouldBe("""milk, eggs; first MILK; {"text":"milk"}, {"text":"eggs"}""");
    }

    [Fact]
    public void Where_two_rules_match_the_same_words_the_first_has_them()
    {
        var script = new { rules = new[] { new { match = "red apple", say = "1" }, new { match = "apple", say = "2" } } };

        Conversation.With(script, Tools).Ask("a green apple, a red apple").ShouldBe("2 1");
    }

    [Fact]
    public void A_conversation_without_a_user_message_gets_the_otherwise() =>
        ScriptedTurn.Next(Conversation.Parse(Percentages), [new ChatMessage(ChatRole.System, "5% of 10")], new HashSet<string>()).Text.ShouldBe("Pardon?");

    [Fact]
    public void A_pattern_that_explodes_is_stopped_and_named()
    {
        var script = Conversation.Parse(new { rules = new[] { new { match = @"^(?=(a+)+$)b", say = "!" } } });

        var error = Should.Throw<ModelException>(() => ScriptedTurn.Next(script, [new ChatMessage(ChatRole.User, new string('a', 60) + "!")], new HashSet<string>()));

        error.Kind.ShouldBe(ModelErrorKind.InvalidRequest);
        error.Message.ShouldContain("script.rules[0].match");
    }

    [Fact]
    public void A_pattern_that_would_explode_with_backtracking_runs_without_it()
    {
        var script = Conversation.Parse(new { rules = new[] { new { match = "^(a+)+$", say = "!" } }, otherwise = "no" });

        ScriptedTurn.Next(script, [new ChatMessage(ChatRole.User, new string('a', 100_000) + "!")], new HashSet<string>()).Text.ShouldBe("no");
    }

    private static object Tools(string tool, System.Text.Json.JsonElement arguments) => tool == "time" ? new { time = "23:05" } : new { value = 42 };
}
