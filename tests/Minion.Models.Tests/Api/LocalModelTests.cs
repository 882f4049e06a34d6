using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Models.V1;
using Minion.Models.Providers.Ollama;
using Minion.Testing.Ports;
using Minion.Testing.Time;
using Minion.Testing.Vendors;

namespace Minion.Models.Tests.Api;

/// <summary>What Ollama has and fetches, over gRPC, against Ollama's wire format.</summary>
public sealed class LocalModelTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = Eventually.Patience;

    private readonly Dictionary<string, string?> _variables = [];
    private readonly ManualTime _time = new();
    private readonly OllamaWire _disk = new();
    private FakeVendor _ollama = null!;
    private ModelApi _api = null!;

    public async ValueTask InitializeAsync()
    {
        _ollama = await FakeVendor.StartAsync(_disk);
        _variables["OLLAMA_BASE_URL"] = _ollama.Url;
        _api = await ModelApi.StartAsync(_variables.GetValueOrDefault, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _ollama.DisposeAsync();
    }

    [Fact]
    public async Task What_ollama_has_is_listed()
    {
        _disk.With("qwen3:8b", "nomic-embed-text:latest");

        var answer = await ListAsync();

        answer.Address.ShouldBe(_ollama.Url);
        answer.Models.Select(m => m.Name).ShouldBe(["qwen3:8b", "nomic-embed-text:latest"]);
        var model = answer.Models[0];
        (model.Size, model.Family, model.ParameterSize, model.Quantization).ShouldBe((OllamaWire.PartSize, "qwen3", "8.2B", "Q4_K_M"));
        model.ModifiedAt.ToDateTimeOffset().ShouldBe(new DateTimeOffset(2026, 1, 31, 14, 5, 0, TimeSpan.FromHours(-7)), TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("qwen3:8b", "qwen3:8b")]
    [InlineData("ollama/qwen3:8b", "qwen3:8b")]
    [InlineData("models.example.org:8443/team/some_model:q4_K.1", "models.example.org:8443/team/some_model:q4_K.1")]
    public async Task A_pull_tells_every_step_and_then_the_model_is_there(string name, string sent)
    {
        var steps = await PullAsync(name);

        _ollama.Requests[^1].Body.GetProperty("model").GetString().ShouldBe(sent);
        steps[0].Status.ShouldBe("pulling manifest");
        steps.Where(s => s.Digest == "sha256:a3de86cd1c13").Select(s => s.Completed * 4 / s.Total).ShouldBe([0L, 1, 2, 3, 4]);
        steps.ShouldBeUnique();
        steps.Count(s => s.Done).ShouldBe(1);
        steps[^1].Done.ShouldBeTrue();
        (await ListAsync()).Models.Select(m => m.Name).ShouldBe([sent]);
    }

    [Fact]
    public async Task Only_who_may_pull_pulls()
    {
        var error = await Should.ThrowAsync<RpcException>(() => PullAsync("qwen3:8b", ModelApi.MayRead));

        error.StatusCode.ShouldBe(StatusCode.PermissionDenied);
        error.Status.Detail.ShouldContain("'models:pull'");
        _ollama.Requests.ShouldBeEmpty();
        (await _api.Models.ListLocalModelsAsync(new(), ModelApi.MayRead)).Models.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("ollama/")]
    [InlineData("two words")]
    [InlineData("../../etc/passwd")]
    [InlineData("http://models.example.org/m")]
    [InlineData("a//b")]
    [InlineData("m:")]
    [InlineData("m:1:2")]
    [InlineData("m\n")]
    [InlineData("mödel")]
    public async Task What_is_no_name_is_not_sent(string name)
    {
        var error = await Should.ThrowAsync<RpcException>(() => PullAsync(name));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        FaultDetails.From(error).Fields.ShouldHaveSingleItem().Field.ShouldBe("name");
        _ollama.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("pull model manifest: file does not exist", StatusCode.NotFound, "MODEL_NOT_FOUND", "tag")]
    [InlineData("write /models/blobs/x: no space left on device", StatusCode.Unavailable, "OLLAMA_UNAVAILABLE", "OLLAMA_MODELS")]
    [InlineData("pull model manifest: 412: the model requires a newer version of Ollama", StatusCode.FailedPrecondition, "OLLAMA_INVALID_REQUEST", "Update")]
    [InlineData("max retries exceeded: connection reset by peer", StatusCode.Unavailable, "OLLAMA_UNAVAILABLE", "goes on where it stopped")]
    public async Task An_error_in_the_stream_ends_the_pull_with_what_to_do(string said, StatusCode status, string reason, string hint)
    {
        _ollama.Then(OllamaWire.FailPull(said));
        var steps = new List<PullModelResponse>();

        var error = await Should.ThrowAsync<RpcException>(() => PullAsync("qwen3:800b", steps: steps));

        steps.ShouldHaveSingleItem().Status.ShouldBe("pulling manifest");
        error.StatusCode.ShouldBe(status);
        error.Status.Detail.ShouldBe($"Ollama at {_ollama.Url} could not pull 'qwen3:800b': {said}");
        var details = FaultDetails.From(error);
        details.Reason.ShouldBe(reason);
        details.Hint.ShouldContain(hint);
    }

    [Fact]
    public async Task A_stream_that_ends_early_is_no_success()
    {
        _ollama.Then(VendorTurns.EndAfter(3, ""), VendorTurns.EndAfter(0, ""));

        (await FailAsync()).ShouldBe((StatusCode.Unavailable, "OLLAMA_UNAVAILABLE", "stopped in the middle of pulling 'm': the last it said was 'pulling a3de86cd1c13'."));
        (await FailAsync()).ShouldBe((StatusCode.Unavailable, "OLLAMA_UNAVAILABLE", "stopped in the middle of pulling 'm': nothing came."));
    }

    [Fact]
    public async Task A_connection_that_breaks_is_no_success()
    {
        _ollama.Then(VendorTurns.CutOffAfter(3, ""));

        var (status, reason, message) = await FailAsync();

        (status, reason).ShouldBe((StatusCode.Unavailable, "OLLAMA_UNAVAILABLE"));
        message.ShouldStartWith("broke off the connection");
    }

    [Fact]
    public async Task Nonsense_is_named()
    {
        _ollama.Then(VendorTurns.InvalidJson, Line("""{"state":"pulling"}"""), Line("[1]"));

        foreach (var nonsense in new[] { "not JSON", "neither a status nor an error", "neither a status nor an error" })
        {
            var (status, reason, message) = await FailAsync();
            (status, reason).ShouldBe((StatusCode.Unavailable, "OLLAMA_INVALID_ANSWER"));
            message.ShouldContain(nonsense);
        }

        _ollama.Then(Line("""{"models":null}"""), Line("""{"models":[{"size":1}]}"""));
        (await Should.ThrowAsync<RpcException>(ListAsync)).Status.Detail.ShouldContain("has no list of models");
        (await Should.ThrowAsync<RpcException>(ListAsync)).Status.Detail.ShouldContain("has a model without a name");
    }

    [Fact]
    public async Task Who_cancels_stops_ollama_too()
    {
        _ollama.Then(VendorTurns.HangAfter(3, ""));
        using var cancellation = new CancellationTokenSource();
        using var call = _api.Models.PullModel(new PullModelRequest { Name = "m" }, ModelApi.MayPull, cancellationToken: cancellation.Token);
        (await call.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
        _ollama.Requests[^1].Aborted.IsCompleted.ShouldBeFalse();

        await cancellation.CancelAsync();

        await _ollama.Requests[^1].Aborted.WaitAsync(Soon);
    }

    [Fact]
    public async Task Silence_has_an_end()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ollama.Then(VendorTurns.HangAfter(2, ""), exchange =>
        {
            arrived.SetResult();
            return VendorTurns.HangBeforeFirstByte(exchange);
        });
        using var begun = new SemaphoreSlim(0);
        var pull = FailAsync(begun);
        await begun.WaitAsync(Soon);
        await begun.WaitAsync(Soon);
        _time.Advance(await _time.WaitForTimerAsync(left => left == OllamaLibrary.PullSilence));

        (await pull.WaitAsync(Soon)).ShouldBe((StatusCode.Unavailable, "OLLAMA_TIMED_OUT", "said nothing for 900 s."));
        await _ollama.Requests[^1].Aborted.WaitAsync(Soon);
        var list = ListAsync();
        await arrived.Task.WaitAsync(Soon);
        _time.Advance(OllamaLibrary.ListTimeout);
        FaultDetails.From(await Should.ThrowAsync<RpcException>(() => list.WaitAsync(Soon))).Reason.ShouldBe("OLLAMA_TIMED_OUT");
    }

    [Fact]
    public async Task Without_ollama_the_failure_says_where_it_was_looked_for_and_why_there()
    {
        using var nobody = new ReservedPort();
        _variables["OLLAMA_BASE_URL"] = nobody.Url;

        foreach (var call in new Func<Task>[] { ListAsync, () => PullAsync("m") })
        {
            var error = await Should.ThrowAsync<RpcException>(call);
            error.StatusCode.ShouldBe(StatusCode.Unavailable);
            error.Status.Detail.ShouldBe($"Ollama at {_variables["OLLAMA_BASE_URL"]} cannot be reached: nothing listens there.");
            var details = FaultDetails.From(error);
            details.Reason.ShouldBe("OLLAMA_UNAVAILABLE");
            details.Hint.ShouldEndWith("The address is that of OLLAMA_BASE_URL where the server runs.");
        }
    }

    [Theory]
    [InlineData("/v1", "OLLAMA_WRONG_ENDPOINT", "without /v1 or /api")]
    [InlineData("?x=1", "OLLAMA_INVALID_REQUEST", "Correct OLLAMA_BASE_URL")]
    public async Task A_wrong_address_is_named(string end, string reason, string hint)
    {
        _variables["OLLAMA_BASE_URL"] += end;

        foreach (var call in new Func<Task>[] { ListAsync, () => PullAsync("m") })
        {
            var error = await Should.ThrowAsync<RpcException>(call);
            error.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
            FaultDetails.From(error).Reason.ShouldBe(reason);
            FaultDetails.From(error).Hint.ShouldContain(hint);
        }
    }

    [Fact]
    public async Task A_key_that_stands_before_ollama_is_sent_and_never_shown()
    {
        _variables["OLLAMA_API_KEY"] = _ollama.Key = "sk-secret-of-the-proxy";
        await ListAsync();
        await PullAsync("m");
        _ollama.Then(OllamaWire.FailPull("denied for sk-secret-of-the-proxy"));

        (await FailAsync()).Message.ShouldEndWith("denied for ***");

        _ollama.Key = "another";
        var error = await Should.ThrowAsync<RpcException>(ListAsync);
        (error.StatusCode, FaultDetails.From(error).Reason).ShouldBe((StatusCode.FailedPrecondition, "OLLAMA_BAD_KEY"));
    }

    [Fact]
    public void Without_a_setting_the_usual_address_is_used_and_the_variable_named()
    {
        var place = OllamaPlace.Find(new ProviderServices(_time, _ => null));
        using var patience = new Patience(OllamaLibrary.ListTimeout, _time, CancellationToken.None);

        var explained = place.ExplainReaching(place.Endpoint.Refused(), patience).ShouldBeOfType<ModelException>();

        place.Address.ShouldBe("http://localhost:11434");
        explained.Hint.ShouldContain("OLLAMA_BASE_URL is not set");
        explained.Hint.ShouldContain("ollama serve");
    }

    private static VendorTurn Line(string json) => exchange => Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(exchange.Context.Response, json + "\n");

    private async Task<ListLocalModelsResponse> ListAsync() => await _api.Models.ListLocalModelsAsync(new ListLocalModelsRequest(), ModelApi.MayPull);

    private async Task<List<PullModelResponse>> PullAsync(string name, Metadata? headers = null, List<PullModelResponse>? steps = null, SemaphoreSlim? begun = null)
    {
        steps ??= [];
        using var call = _api.Models.PullModel(new PullModelRequest { Name = name }, headers ?? ModelApi.MayPull);
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            steps.Add(call.ResponseStream.Current);
            begun?.Release();
        }

        return steps;
    }

    /// <summary>A pull that fails: with what, its message without Ollama's address.</summary>
    private async Task<(StatusCode Status, string Reason, string Message)> FailAsync(SemaphoreSlim? begun = null)
    {
        var error = await Should.ThrowAsync<RpcException>(() => PullAsync("m", begun: begun));
        error.Status.Detail.ShouldStartWith($"Ollama at {_ollama.Url} ");
        return (error.StatusCode, FaultDetails.From(error).Reason, error.Status.Detail[$"Ollama at {_ollama.Url} ".Length..]);
    }
}
