using Minion.Contracts.Faults;
using Minion.Server.Options;

namespace Minion.Server.Tests.Options;

public sealed class CommandLineTests
{
    [Fact]
    public void Options_become_settings() =>
        CommandLine.Parse(["--role", "tools,migrate", "--http=6000", "--grpc", "0", "--data", "/d", "--listen=::1", "--Logging:Format=json"])
            .ShouldBe(new Dictionary<string, string?>
            {
                ["Server:Role"] = "tools,migrate",
                ["Server:Http"] = "6000",
                ["Server:Grpc"] = "0",
                ["Data:Folder"] = "/d",
                ["Server:Listen"] = "::1",
                ["Logging:Format"] = "json",
            },
            ignoreOrder: true);

    [Theory]
    [InlineData("--hppt", "There is no option --hppt.")]
    [InlineData("serve", "There is no option serve.")]
    [InlineData("-d", "There is no option -d.")]
    [InlineData("--http", "--http needs a value.")]
    public void What_is_not_understood_is_said_with_what_is(string argument, string message)
    {
        var fault = Should.Throw<Fault>(() => CommandLine.Parse([argument]));
        fault.Message.ShouldBe(message);
        fault.Hint.ShouldBe("The options are --role, --data, --http, --grpc, --listen, --pg-port.");
    }

    [Fact]
    public void A_value_is_not_taken_for_an_option_nor_the_other_way_round() =>
        Should.Throw<Fault>(() => CommandLine.Parse(["--http", "--grpc", "1"])).Message.ShouldBe("--http needs a value.");

    [Fact]
    public void Variables_say_the_same_as_options() =>
        CommandLine.FromEnvironment(name => name is "MINION_HTTP" ? "6000" : name is "MINION_DATA" ? "" : null)
            .ShouldBe(new Dictionary<string, string?> { ["Server:Http"] = "6000" });

    [Fact]
    public void The_usage_names_every_option() => CommandLine.Options.ShouldAllBe(option => CommandLine.Usage.Contains(option.Option));
}
