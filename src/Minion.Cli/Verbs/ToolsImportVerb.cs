using System.CommandLine;
using System.Text.Json.Nodes;
using Minion.Cli.Output;
using Minion.Cli.Tools;
using Minion.Contracts.Tools.V1;

namespace Minion.Cli.Verbs;

/// <summary>Makes tools of what others have described.</summary>
internal static class ToolsImportVerb
{
    // What a source's settings may have, with room for the rest of them.
    private const int LargestFile = 240 * 1024;

    public static Command Create(Terminal terminal)
    {
        var import = new Command("import", "Makes tools of an API's description.");
        import.Add(OpenApi(terminal));
        return import;
    }

    private static Command OpenApi(Terminal terminal)
    {
        var from = new Argument<string>("file-or-url") { Description = "An OpenAPI 3.x description: a file here (JSON or YAML), or a URL that the server fetches." };
        var name = new Option<string?>("--name") { Description = "The source's name, with which its tools' names begin; unless given, made of the file's or the host's name.", HelpName = "name" };
        var server = new Option<string?>("--api-url") { Description = "The API's URL, where it is not the description's own.", HelpName = "url" };
        var auth = new Option<string?>("--auth") { Description = "The secret, as a reference to a variable of the server's environment: '${SHOP_TOKEN}'.", HelpName = "reference" };
        var operations = new Option<string[]>("--operation") { Description = "Only these: an id, 'GET /path' or tag:name, with * for any characters. May be repeated.", HelpName = "name" };
        return new Command("openapi", "Makes tools of the operations of an HTTP API.") { from, name, server, auth, operations }
            .Does(terminal, async (invocation, cancellation) =>
            {
                var given = invocation.Get(from)!;
                var settings = await SettingsAsync(given, cancellation);
                Add(settings, "server", invocation.Get(server));
                Add(settings, "auth", invocation.Get(auth));
                if (invocation.Get(operations) is { Length: > 0 } wanted)
                {
                    settings["operations"] = new JsonArray([.. wanted.Select(operation => JsonValue.Create(operation))]);
                }

                var source = new ToolSource { Name = invocation.Get(name) ?? NameOf(given), Kind = "openapi", Settings = settings.ToJsonString() };
                using var connection = invocation.Connect();
                await connection.ToolRegistry.SetSourceAsync(new SetSourceRequest { Source = source }, connection.Call(cancellation));
                var response = await connection.ToolRegistry.GetSourceAsync(new GetSourceRequest { Name = source.Name }, connection.Call(cancellation, TimeSpan.FromMinutes(1)));
                if (invocation.Json)
                {
                    terminal.Document(response);
                }
                else
                {
                    terminal.Properties(("source", response.Source.Name), ("state", Phrases.Word(response.Source.State)), ("detail", response.Source.Detail));
                    terminal.Out.WriteLine();
                    terminal.Table(["tool", "version", "status", "effect", "source", "description"], response.Tools.Select(ToolOutput.Row), "No tools.");
                }

                return response.Source.State == ToolSourceState.Failing ? ExitCodes.Failed : ExitCodes.Ok;
            });
    }

    private static async Task<JsonObject> SettingsAsync(string given, CancellationToken cancellation)
    {
        if (given.Contains("://", StringComparison.Ordinal))
        {
            return new JsonObject { ["url"] = given };
        }

        if (!File.Exists(given))
        {
            throw new CliFailure(ExitCodes.Failed, "not_found", $"There is no file '{given}'.", "Give a file that is here, or a whole URL.");
        }

        return new FileInfo(given).Length <= LargestFile
            ? new JsonObject { ["document"] = await File.ReadAllTextAsync(given, cancellation) }
            : throw new CliFailure(
                ExitCodes.Failed, "too_large", $"'{given}' has more than {LargestFile} bytes.", "Give a URL from which the server fetches it, or put it into the server's folder Tools:Sources:Folder and declare it with 'file:'.");
    }

    private static void Add(JsonObject settings, string key, string? value)
    {
        if (value is { Length: > 0 })
        {
            settings[key] = value;
        }
    }

    private static string NameOf(string given)
    {
        var text = Uri.TryCreate(given, UriKind.Absolute, out var url) && url.Host.Length > 0 ? url.Host.Split('.')[^Math.Min(2, url.Host.Split('.').Length)] : Path.GetFileNameWithoutExtension(given);
        var name = new string([.. text.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_')]).Trim('_');
        name = name.Length > 40 ? name[..40] : name;
        return name.Length > 0 && char.IsAsciiLetterLower(name[0])
            ? name
            : throw new CliFailure(ExitCodes.Failed, "name_needed", $"'{given}' gives no name.", "Give one with --name.");
    }
}
