using System.Text.Json.Nodes;

namespace Minion.Cli.Tests.Doctor;

public sealed class DoctorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_check_says_what_it_found_and_how_to_use_a_real_model()
    {
        using var test = Terminal();

        await test.RunAsync("doctor", "--data", Path.Combine(_folder.Path, "new"), "--server", Nobody.Address);

        foreach (var check in new[] { ".NET", "PostgreSQL", "Node", "Aspire CLI", "data folder", "server", "model", "Ollama", "OpenAI", "Groq", "Mistral" })
        {
            test.Out.ShouldContain(check);
        }

        test.Out.ShouldContain("made at the first start");
        test.Out.ShouldContain("./minion up");
    }

    [Fact]
    public async Task The_Aspire_CLI_is_found_and_where_it_is_missing_it_is_said_what_for_and_how_to_get_it()
    {
        using var without = new TestTerminal(environment: [("PATH", _folder.Path), ("HOME", _folder.Path)]);
        await without.RunAsync("doctor", "--data", _folder.Path, "--server", Nobody.Address);
        without.Out.ShouldContain("• Aspire CLI");
        without.Out.ShouldContain("npm install --prefix ~/.minion/tools @microsoft/aspire-cli");
        without.Out.ShouldContain("dashboard");

        var program = Path.Combine(_folder.Path, "aspire");
        await File.WriteAllTextAsync(program, "");
        using var with = new TestTerminal(environment: [("PATH", _folder.Path), ("HOME", _folder.Path)]);
        await with.RunAsync("doctor", "--data", _folder.Path, "--server", Nobody.Address);
        with.Out.ShouldMatch($"✓ Aspire CLI +{program}");
    }

    [Fact]
    public async Task Providers_are_named_with_the_keys_that_are_there_and_never_the_keys()
    {
        using var test = Terminal(("GROQ_API_KEY", "gsk-geheim"));

        await test.RunAsync("doctor", "--data", _folder.Path, "--server", Nobody.Address);

        test.Out.ShouldContain("keys for groq");
        test.Out.ShouldContain("ANTHROPIC_API_KEY");
        test.Out.ShouldNotContain("geheim");
    }

    [Fact]
    public async Task What_is_broken_ends_with_1()
    {
        using var test = Terminal(("MINION_MODEL", "only-one-of-two"));

        (await test.RunAsync("doctor", "--data", _folder.Path, "-o", "json", "--server", Nobody.Address)).ShouldBe(ExitCodes.Failed);

        var document = JsonNode.Parse(test.Out)!;
        document["healthy"]!.GetValue<bool>().ShouldBeFalse();
        var model = document["checks"]!.AsArray().Single(c => c!["check"]!.GetValue<string>() == "model")!;
        model["health"]!.GetValue<string>().ShouldBe("broken");
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_one_is_broken()
    {
        using var test = Terminal();

        // As root nothing is read-only, but /proc takes no files from anybody.
        (await test.RunAsync("doctor", "--data", "/proc/self/minion", "--server", Nobody.Address)).ShouldBe(ExitCodes.Failed);

        test.Out.ShouldContain("✗ data folder");
    }

    [Fact]
    public async Task A_server_of_ones_own_is_named_without_its_password()
    {
        using var test = Terminal(("ConnectionStrings__minion", "Host=db;Password=geheim"));

        await test.RunAsync("doctor", "--data", _folder.Path, "--server", Nobody.Address);

        test.Out.ShouldContain("the server that ConnectionStrings__minion names");
        test.Out.ShouldNotContain("geheim");
    }

    private static TestTerminal Terminal(params (string Name, string Value)[] environment) =>
        new(environment: [("PATH", Environment.GetEnvironmentVariable("PATH") ?? ""), .. environment]);
}
