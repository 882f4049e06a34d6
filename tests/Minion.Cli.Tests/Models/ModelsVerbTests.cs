using System.Text.Json.Nodes;
using Grpc.Core;
using Minion.Contracts.Models.V1;
using Fault = Minion.Contracts.Faults.Fault;

namespace Minion.Cli.Tests.Models;

public sealed class ModelsVerbTests
{
    private const long Size = 5_000_000_000;

    private static readonly Fault Away = new(StatusCode.Unavailable, "OLLAMA_UNAVAILABLE", "Ollama at http://ollama:11434 cannot be reached.", "Start it.");

    private static readonly PullModelResponse[] Steps =
    [
        new() { Status = "pulling manifest" },
        .. Enumerable.Range(0, 201).Select(i => new PullModelResponse { Status = "pulling a3de86cd1c13", Digest = "sha256:a3de86cd1c13", Total = Size, Completed = Size * i / 200 }),
        new() { Status = "verifying sha256 digest" },
        new() { Status = "success", Done = true },
    ];

    [Fact]
    public async Task The_catalog_and_what_ollama_has_are_listed()
    {
        await using var server = await ModelServer.StartAsync(failure: null);
        using var text = At(server);
        using var json = At(server);
        using var others = At(server);

        (await text.RunAsync("models")).ShouldBe(ExitCodes.Ok, text.Error);
        (await json.RunAsync("models", "--output", "json")).ShouldBe(ExitCodes.Ok);
        (await others.RunAsync("models", "--provider", "openai")).ShouldBe(ExitCodes.Ok);

        text.Out.ShouldContain("openai/gpt-5-mini");
        text.Out.ShouldMatch(@"qwen3:8b +5\.2 GB +8\.2B");
        var document = JsonNode.Parse(json.Out)!;
        document["models"]![0]!["name"]!.GetValue<string>().ShouldBe("openai/gpt-5-mini");
        document["local"]!["models"]![0]!["name"]!.GetValue<string>().ShouldBe("qwen3:8b");
        others.Out.ShouldNotContain("qwen3");
    }

    [Fact]
    public async Task Without_ollama_the_catalog_is_listed_and_the_reason_told()
    {
        await using var server = await ModelServer.StartAsync(Away);
        using var text = At(server);
        using var json = At(server);

        (await text.RunAsync("models")).ShouldBe(ExitCodes.Ok);
        (await json.RunAsync("models", "--output", "json")).ShouldBe(ExitCodes.Ok);

        text.Out.ShouldContain("openai/gpt-5-mini");
        text.Out.ShouldContain("Ollama at http://ollama:11434 cannot be reached.\nStart it.\n");
        JsonNode.Parse(json.Out)!["local"]!["error"]!.GetValue<string>().ShouldBe(Away.Message);
    }

    [Fact]
    public async Task A_pull_into_a_file_is_a_line_for_each_step_and_each_tenth()
    {
        await using var server = await ModelServer.StartAsync(failure: null, Steps);
        using var test = At(server);

        (await test.RunAsync("models", "pull", "qwen3:8b")).ShouldBe(ExitCodes.Ok, test.Error);

        test.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            "pulling manifest",
            .. Enumerable.Range(0, 11).Select(tenth => $"pulling a3de86cd1c13: {tenth * 10} % of 5.0 GB"),
            "verifying sha256 digest",
            "success",
        ]);
        test.Out.ShouldBe("qwen3:8b is there.\n");
    }

    [Fact]
    public async Task On_a_terminal_a_bar_fills_in_place()
    {
        await using var server = await ModelServer.StartAsync(failure: null, Steps);
        using var test = At(server, isTerminal: true);

        (await test.RunAsync("models", "pull", "qwen3:8b")).ShouldBe(ExitCodes.Ok);

        var lines = test.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(4);
        lines[1].ShouldStartWith($"\r\e[Kpulling a3de86cd1c13  {new string('░', 24)}   0 %  0 B of 5.0 GB");
        lines[1].ShouldContain($"\r\e[Kpulling a3de86cd1c13  {new string('█', 24)} 100 %  5.0 GB of 5.0 GB");
        lines[3].ShouldBe("\r\e[Ksuccess");
    }

    [Fact]
    public async Task A_program_gets_a_document_for_each_step()
    {
        await using var server = await ModelServer.StartAsync(failure: null, Steps);
        using var test = At(server);

        (await test.RunAsync("models", "pull", "qwen3:8b", "--output", "json")).ShouldBe(ExitCodes.Ok);

        var documents = test.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        documents.Count.ShouldBe(Steps.Length);
        documents[^1]["done"]!.GetValue<bool>().ShouldBeTrue();
        test.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pull_that_fails_says_so_on_a_line_of_its_own()
    {
        await using var server = await ModelServer.StartAsync(Away, Steps[..4]);
        using var test = At(server, isTerminal: true);

        (await test.RunAsync("models", "pull", "qwen3:8b")).ShouldBe(ExitCodes.Refused);

        test.Error.ShouldEndWith("\nminion: Ollama at http://ollama:11434 cannot be reached.\nStart it.\n");
        test.Out.ShouldBeEmpty();
    }

    private static TestTerminal At(ModelServer server, bool isTerminal = false) =>
        new(isTerminal: isTerminal, environment: ("MINION_SERVER", server.Address));
}
