using System.Net;
using Minion.Cli.Doctor;

namespace Minion.Cli.Tests.Doctor;

public sealed class ModelChecksTests
{
    private static readonly Uri Address = new("http://localhost:11434/v1/models");

    [Theory]
    [InlineData(200, """{"data":[{"id":"qwen3:8b"},{"id":"x"}]}""", true, "qwen3:8b at localhost", "")]
    [InlineData(200, """{"data":[{"id":"qwen3:4b"},{"id":"x"}]}""", false, "does not have qwen3:8b", "qwen3:4b")]
    [InlineData(200, """{"data":[]}""", false, "does not have qwen3:8b", "ollama pull qwen3:8b")]
    [InlineData(200, "<html>hello</html>", false, "does not answer like an OpenAI-compatible endpoint", "/v1")]
    [InlineData(200, """{"data":[1]}""", false, "does not answer like an OpenAI-compatible endpoint", "/v1")]
    [InlineData(200, "[]", false, "does not answer like an OpenAI-compatible endpoint", "/v1")]
    [InlineData(401, "", false, "refuses the key (401)", "Set MINION_MODEL_API_KEY")]
    [InlineData(404, "", false, "404", "usually ends in /v1")]
    [InlineData(503, "busy", false, "answers 503: busy", "later")]
    public void Each_answer_of_an_endpoint_has_its_advice(int status, string body, bool good, string detail, string advice)
    {
        var finding = ModelChecks.Judge(Address, "qwen3:8b", (HttpStatusCode)status, body, hasKey: false);

        finding.Health.ShouldBe(good ? Health.Good : Health.Broken);
        finding.Detail.ShouldContain(detail);
        finding.Advice.ShouldContain(advice);
    }

    [Fact]
    public void A_key_that_is_refused_is_wrong_or_old() =>
        ModelChecks.Judge(Address, "m", HttpStatusCode.Forbidden, "", hasKey: true).Advice.ShouldContain("wrong or has expired");

    [Theory]
    [InlineData("", "", "scripted", "MINION_MODEL_URL")]
    [InlineData("http://localhost:1/v1", "", "MINION_MODEL is not", "Set both")]
    [InlineData("", "qwen3:8b", "MINION_MODEL_URL is not", "Set both")]
    [InlineData("localhost", "qwen3:8b", "not an address", "http://localhost:11434/v1")]
    public async Task Settings_that_do_not_fit_are_told_without_asking_anybody(string url, string model, string detail, string advice)
    {
        using var test = new TestTerminal(environment: [("MINION_MODEL_URL", url), ("MINION_MODEL", model)]);

        var finding = await ModelChecks.CheckAsync(test.Terminal, TestContext.Current.CancellationToken);

        finding.Detail.ShouldContain(detail);
        finding.Advice.ShouldContain(advice);
    }

    [Fact]
    public async Task An_endpoint_that_is_not_there_is_told()
    {
        using var test = new TestTerminal(environment: [("MINION_MODEL_URL", Nobody.Address + "/v1"), ("MINION_MODEL", "m")]);

        var finding = await ModelChecks.CheckAsync(test.Terminal, TestContext.Current.CancellationToken);

        finding.Health.ShouldBe(Health.Broken);
        finding.Detail.ShouldContain("nothing answers at");
        finding.Advice.ShouldContain("ollama serve");
    }

    [Fact]
    public async Task An_endpoint_that_hangs_is_told_and_sees_the_key()
    {
        using var silence = new Silence();
        using var client = new HttpClient(silence) { Timeout = TimeSpan.FromMilliseconds(300) };

        var finding = await ModelChecks.AskAsync(client, new Uri("http://endpoint/v1/models"), "m", "a-key", TestContext.Current.CancellationToken);

        silence.Authorization.ShouldBe("Bearer a-key");
        finding.Detail.ShouldContain("does not answer within");
    }

    /// <summary>Takes a request and never answers.</summary>
    private sealed class Silence : HttpMessageHandler
    {
        public string? Authorization { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Authorization = request.Headers.Authorization?.ToString();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("It has no answer.");
        }
    }
}
