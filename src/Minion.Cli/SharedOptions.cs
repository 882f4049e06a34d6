using System.CommandLine;
using Minion.Cli.Output;

namespace Minion.Cli;

/// <summary>Options that every verb takes.</summary>
internal static class SharedOptions
{
    public const string DefaultServer = "http://127.0.0.1:5081";

    public static Option<string?> Server { get; } = new("--server")
    {
        Description = $"The server's gRPC address. Default: MINION_SERVER, else {DefaultServer}.",
        HelpName = "address",
        Recursive = true,
    };

    public static Option<string> Output { get; } = CreateOutput();

    public static bool IsJson(ParseResult parsed) =>
        parsed.GetResult(Output) is { Errors: var errors } && !errors.Any() && parsed.GetValue(Output) == "json";

    /// <exception cref="CliFailure">The address is not one.</exception>
    public static Uri Address(ParseResult parsed, Terminal terminal)
    {
        var given = parsed.GetValue(Server) ?? terminal.Environment("MINION_SERVER");
        var text = string.IsNullOrWhiteSpace(given) ? DefaultServer : given.Trim();
        var whole = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        return Uri.TryCreate(whole, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new CliFailure(ExitCodes.Usage, "usage", $"'{text}' is not the address of a server.", $"An address looks like {DefaultServer}.");
    }

    private static Option<string> CreateOutput()
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = "How results are written: text for people, json for programs (one document, or one line for each part of a stream).",
            DefaultValueFactory = _ => "text",
            HelpName = "text|json",
            Recursive = true,
        };
        option.AcceptOnlyFromAmong("text", "json");
        return option;
    }
}
