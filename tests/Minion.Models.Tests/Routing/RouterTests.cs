using Microsoft.Extensions.AI;
using Minion.Testing.OpenAi;

namespace Minion.Models.Tests.Routing;

public sealed class RouterTests : RouterFixture
{
    private const string Hard = "Prove the theorem, derive the bound, compare the strategies and justify your design of the migration: why is it optimal?";

    [Theory]
    [InlineData("hi", "small", "local-small")]
    [InlineData(Hard, "expert", "complex")]
    public async Task A_request_goes_to_the_cheapest_model_that_is_good_enough_and_the_answer_says_why(string question, string model, string tier)
    {
        var (answer, route) = await AskAsync(Router(), question);

        answer.Text.ShouldBe(model);
        route.ShouldNotBeNull();
        (route.Requested, route.Model, route.Tier, route.Policy).ShouldBe(("smart", model, tier, "cheapest"));
        route.Reason.ShouldStartWith($"{tier}: difficulty ");
        route.Degraded.ShouldBeNull();
    }

    [Fact]
    public async Task A_rule_knows_better_than_the_classifier()
    {
        var (answer, route) = await AskAsync(Router(new() { Rules = [new() { Match = "^hi$", Tier = "expert" }] }));

        answer.Text.ShouldBe("expert");
        route!.Reason.ShouldEndWith("rule 1 makes it expert");
    }

    [Fact]
    public async Task When_the_chosen_one_is_down_another_answers_and_the_caller_notices_nothing()
    {
        Small.Otherwise = Replies.ServerError();

        var (answer, route) = await AskAsync(Router());

        answer.Text.ShouldBe("moderate");
        route!.Tried.ShouldBe(["small (UNAVAILABLE)"]);
        route.Degraded.ShouldBe("provider");
        Small.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_good_one_that_answers_a_smaller_one_does()
    {
        Expert.Otherwise = Replies.RateLimited(retryAfterSeconds: 60);

        var (answer, route) = await AskAsync(Router(), Hard);

        answer.Text.ShouldBe("moderate");
        route!.Degraded.ShouldBe("smaller");
        route.ToString().ShouldContain("degraded to a smaller model");
    }

    [Fact]
    public async Task A_smaller_one_is_not_asked_where_the_router_does_not_allow_it()
    {
        Expert.Otherwise = Replies.Error(401, "No.", code: "invalid_api_key");

        var error = await Should.ThrowAsync<ModelException>(() => AskAsync(Router(new() { Degrade = ["provider"] }), Hard));

        error.Kind.ShouldBe(ModelErrorKind.BadKey);
        (Small.Requests.Count + Moderate.Requests.Count).ShouldBe(0);
    }

    [Fact]
    public async Task When_nobody_answers_the_error_names_what_was_tried()
    {
        Small.Otherwise = Replies.Error(401, "No.", code: "invalid_api_key");
        Moderate.Otherwise = Replies.ServerError();
        Expert.Otherwise = Replies.Error(404, "The model `expert` does not exist.", code: "model_not_found");

        var error = await Should.ThrowAsync<ModelException>(() => AskAsync(Router()));

        error.Kind.ShouldBe(ModelErrorKind.Unavailable);
        error.Message.ShouldMatch(@"^No model answered\. Tried: .*small \(BAD_KEY: .*moderate \(UNAVAILABLE: .*expert \(UNKNOWN_MODEL: ");
    }

    [Fact]
    public async Task A_request_that_is_wrong_is_wrong_for_all()
    {
        Small.Otherwise = Replies.Error(400, "No.");

        (await Should.ThrowAsync<ModelException>(() => AskAsync(Router()))).Kind.ShouldBe(ModelErrorKind.InvalidRequest);

        Moderate.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_breaks_off_in_the_middle_ends_with_how_much_was_given_out_and_nobody_else_is_asked()
    {
        Small.Otherwise = Replies.CutOffAfter(3, new FakeAnswer { Text = "one two three four five" });
        var text = "";

        var error = await Should.ThrowAsync<ModelException>(async () =>
        {
            await foreach (var update in Client(Router()).GetStreamingResponseAsync("hi"))
            {
                text += update.Text;
            }
        });

        text.ShouldNotBeEmpty();
        error.DeliveredCharacters.ShouldBe(text.Length);
        error.Message.ShouldContain($"after {text.Length} characters of its answer");
        (Moderate.Requests.Count + Expert.Requests.Count).ShouldBe(0);
    }

    [Fact]
    public async Task Killing_the_first_upstream_under_load_fails_nothing_that_had_not_begun_to_stream()
    {
        var router = Router();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Small.Then(Enumerable.Repeat<Reply>(
            async exchange =>
            {
                begun.TrySetResult();
                await exchange.HangAsync();
            },
            24));
        var calls = Enumerable.Range(0, 24).Select(_ => AskAsync(router)).ToList();
        await begun.Task.WaitAsync(Eventually.Patience);

        await KillSmallAsync();

        (await Task.WhenAll(calls)).ShouldAllBe(c => c.Answer.Text == "moderate");
        (await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => AskAsync(router)))).ShouldAllBe(c => c.Answer.Text == "moderate");
    }

    [Fact]
    public async Task What_keeps_failing_is_no_longer_asked()
    {
        Small.Otherwise = Replies.ServerError();
        for (var i = 0; i < 12; i++)
        {
            (await AskAsync(Router())).Answer.Text.ShouldBe("moderate");
        }

        Small.Requests.Count.ShouldBe(5);
    }

    [Theory]
    [InlineData("no json at all", "invalid_json")]
    [InlineData("I'm sorry, I cannot help with that.", "refusal")]
    public async Task A_poor_answer_climbs_a_tier_before_anything_of_it_is_given_out(string poor, string why)
    {
        Small.Otherwise = Replies.Text(poor);
        Moderate.Otherwise = Replies.Text("{\"good\":true}");

        var (answer, route) = await AskAsync(Router(new() { Escalate = true }), options: new ChatOptions { ResponseFormat = ChatResponseFormat.Json });

        answer.Text.ShouldBe("{\"good\":true}");
        route!.Escalated.ShouldBeTrue();
        route.Tried.ShouldBe([$"small (poor answer: {why})"]);
    }

    [Fact]
    public async Task A_poor_answer_is_better_than_none()
    {
        Small.Otherwise = Replies.Text("no json at all");
        Moderate.Otherwise = Replies.ServerError();
        Expert.Otherwise = Replies.ServerError();

        var (answer, route) = await AskAsync(Router(new() { Escalate = true }), options: new ChatOptions { ResponseFormat = ChatResponseFormat.Json });

        answer.Text.ShouldBe("no json at all");
        route!.Model.ShouldBe("small");
    }

    [Theory]
    [InlineData("3", "moderate")]
    [InlineData("9", "small")]
    [InlineData("It is fine.", "small")]
    public async Task A_judge_decides_whether_an_answer_is_good_enough(string grade, string answeredBy)
    {
        Expert.Then(Replies.Text(grade));
        Expert.Otherwise = Replies.Text("9");

        var (answer, _) = await AskAsync(Router(new() { Escalate = true, Judge = "expert" }));

        answer.Text.ShouldBe(answeredBy);
        Expert.Requests[0].Messages[^1].GetProperty("content").GetString()!.ShouldContain("<answer>\nsmall\n</answer>");
    }

    [Fact]
    public async Task A_model_that_is_named_has_others_in_its_place()
    {
        Expert.Otherwise = Replies.ServerError();

        var (answer, route) = await AskAsync(Model("expert") with { Failover = ["nobody", "moderate"] });

        answer.Text.ShouldBe("moderate");
        route!.Tried.ShouldBe(["expert (UNAVAILABLE)"]);
    }

    [Fact]
    public async Task A_model_that_stands_alone_is_asked_as_ever()
    {
        var (answer, route) = await AskAsync(Model("small"));

        answer.Text.ShouldBe("small");
        route.ShouldBeNull();
    }

    [Fact]
    public async Task Auto_chooses_among_the_models_whose_keys_are_there()
    {
        (Variables["OPENAI_API_KEY"], Variables["OPENAI_BASE_URL"]) = ("key", Moderate.Url);
        Variables["OLLAMA_BASE_URL"] = "http://127.0.0.1:1";

        var (answer, route) = await AskAsync(Routers.Find("moderate")!);

        answer.Text.ShouldBe("moderate");
        route!.Model.ShouldStartWith("openai/");
        Moderate.Requests[0].Headers["Authorization"].ShouldBe("Bearer key");
    }

    [Fact]
    public async Task A_router_without_anybody_who_can_answer_says_what_is_missing()
    {
        var error = await Should.ThrowAsync<ModelException>(() => AskAsync(Router(new() { Candidates = ["openai/gpt-5", "gone"] })));

        error.Message.ShouldContain("openai/gpt-5: OPENAI_API_KEY is not set");
        error.Message.ShouldContain("gone: there is no such model");
    }

    [Fact]
    public async Task When_nobody_answers_what_was_answered_before_is_given_out_as_stale()
    {
        var router = Router() with { Cache = new CachePolicy { Mode = CacheMode.Exact, Ttl = TimeSpan.FromSeconds(1) } };
        (await AskAsync(router)).Answer.Text.ShouldBe("small");
        (Small.Otherwise, Moderate.Otherwise, Expert.Otherwise) = (Replies.ServerError(), Replies.ServerError(), Replies.RateLimited(300));
        // Fresh for a second; then there is nobody to ask.
        var later = await Eventually.BecomesAsync(() => AskAsync(router), asked => asked.Route?.Degraded == "stale");

        later.Answer.Text.ShouldBe("small");
    }
}
