using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

/// <summary>The workspace of a session.</summary>
internal static class SessionsWorkspaceVerb
{
    public static Command Create(Terminal terminal) => new("workspace", "Reads and changes the workspace of a session: JSON values under keys.")
    {
        Get(terminal),
        Set(terminal),
        List(terminal),
        Delete(terminal),
    };

    private static Command Get(Terminal terminal)
    {
        var (id, key) = (SessionsVerb.Session(), Key());
        return new Command("get", "Shows a value; with -o json also its etag.") { id, key }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new GetValueRequest { SessionId = invocation.Get(id)!, Key = invocation.Get(key)! };
                var value = (await connection.Workspaces.GetValueAsync(request, connection.Call(cancellation))).Value;
                invocation.Done(value, Phrases.Printable(value.Value));
                return ExitCodes.Ok;
            });
    }

    private static Command Set(Terminal terminal)
    {
        var (id, key, expected) = (SessionsVerb.Session(), Key(), Expected("The etag of the value that is replaced; * when there must be none."));
        var value = new Argument<string>("value") { Description = "JSON, at most 1 MiB; a text in quotes. - reads it from the input." };
        return new Command("set", "Writes a value.") { id, key, value, expected }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var given = invocation.Get(value)!;
                var request = new SetValueRequest
                {
                    SessionId = invocation.Get(id)!,
                    Key = invocation.Get(key)!,
                    Value = given == "-" ? await terminal.In.ReadToEndAsync(cancellation) : given,
                    ExpectedEtag = invocation.Get(expected) ?? "",
                };
                var set = (await connection.Workspaces.SetValueAsync(request, connection.Call(cancellation))).Value;
                invocation.Done(set, $"{set.Key}: {set.Bytes} bytes, etag {set.Etag}");
                return ExitCodes.Ok;
            });
    }

    private static Command List(Terminal terminal)
    {
        var id = SessionsVerb.Session();
        var prefix = new Option<string?>("--prefix") { Description = "Only keys that begin with it.", HelpName = "text" };
        var limit = Paging.Limit();
        return new Command("list", "Lists the keys.") { id, prefix, limit }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new ListValuesRequest { SessionId = invocation.Get(id)!, Prefix = invocation.Get(prefix) ?? "" };
                var values = await Paging.ReadAsync(invocation.Get(limit), async (size, token) =>
                {
                    (request.PageSize, request.PageToken) = (size, token);
                    var page = await connection.Workspaces.ListValuesAsync(request, connection.Call(cancellation));
                    return (page.Values, page.NextPageToken);
                });
                var now = invocation.Terminal.Time.GetUtcNow();
                Paging.Write(
                    invocation, values, ["key", "bytes", "changed", "by", "etag"],
                    v => [v.Key, Phrases.Count(v.Bytes), Phrases.Ago(v.UpdatedAt, now), v.UpdatedBy, v.Etag], "No values.");
                return ExitCodes.Ok;
            });
    }

    private static Command Delete(Terminal terminal)
    {
        var (id, key, expected) = (SessionsVerb.Session(), Key(), Expected("The etag of the value that is deleted."));
        return new Command("delete", "Deletes a value.") { id, key, expected }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new DeleteValueRequest { SessionId = invocation.Get(id)!, Key = invocation.Get(key)!, ExpectedEtag = invocation.Get(expected) ?? "" };
                invocation.Done(await connection.Workspaces.DeleteValueAsync(request, connection.Call(cancellation)), "Deleted.");
                return ExitCodes.Ok;
            });
    }

    private static Argument<string> Key() => new("key") { Description = "The key of the value." };

    private static Option<string?> Expected(string description) => new("--etag") { Description = description, HelpName = "etag" };
}
