using Minion.EndToEnd.Tests.Programs;
using Minion.Testing.OpenAi;

namespace Minion.EndToEnd.Tests;

/// <summary>A real model behind the name "default", by two settings.</summary>
public sealed class ModelTests
{
    [Fact]
    public async Task Two_settings_put_an_openai_compatible_endpoint_behind_the_agents()
    {
        await using var endpoint = await FakeOpenAi.StartAsync();
        endpoint.Models.Add("small-1");
        endpoint.Otherwise = Replies.Text("Hello from the endpoint.");
        await using var minion = Installation.Create(("MINION_MODEL_URL", endpoint.Url), ("MINION_MODEL", "small-1"));
        (await minion.UpAsync()).ExitCode.ShouldBe(0);

        var doctor = await minion.RunAsync("doctor");
        var chat = await minion.JsonAsync("chat", "hello", "-m", "hi");

        doctor.Out.ShouldContain("✓ model");
        doctor.ExitCode.ShouldBe(0, doctor.ToString());
        chat["answer"]!.GetValue<string>().ShouldBe("Hello from the endpoint.");
    }

    [Fact]
    public async Task An_endpoint_that_is_gone_fails_the_run_with_what_to_do()
    {
        var endpoint = await FakeOpenAi.StartAsync();
        await using var minion = Installation.Create(("MINION_MODEL_URL", endpoint.Url), ("MINION_MODEL", "small-1"));
        (await minion.UpAsync()).ExitCode.ShouldBe(0);
        await endpoint.DisposeAsync();

        var run = await minion.RunAsync("run", "hello", "-m", "hi");
        var doctor = await minion.RunAsync("doctor");

        run.ExitCode.ShouldBe(1, run.ToString());
        run.Error.ShouldStartWith("The run failed: ");
        doctor.ExitCode.ShouldBe(1);
        doctor.Out.ShouldContain("✗ model");
    }
}
