using System.Text.Json;
using System.Text.RegularExpressions;
using Minion.Tools.Sources.Settings;

namespace Minion.Tools.Sources.Sql;

/// <summary>What stands under <c>sql:</c>.</summary>
/// <param name="Connection">A name from <c>Tools:Sql:Connections</c>, or a reference such as <c>${SHOP_CONNECTION}</c>.</param>
/// <param name="Write">Whether there is a tool that changes data.</param>
/// <param name="Timeout">For one statement; 100 ms to 5 minutes, default 10 s.</param>
/// <param name="MaxRows">Rows of one result; 1 to 10,000, default 200.</param>
/// <param name="MaxBytes">Bytes of one result; 1 KiB to 512 KiB, default 64 KiB.</param>
/// <param name="MaxConnections">Connections at a time; 1 to 50, default 5.</param>
/// <param name="Schemas">Where tables without a schema are looked for, and which schemas are described; empty leaves it to the database.</param>
internal sealed partial record SqlSettings(
    string Connection, bool Write, TimeSpan Timeout, int MaxRows, int MaxBytes, int MaxConnections, IReadOnlyList<string> Schemas)
{
    public static SqlSettings Read(JsonElement settings, List<SourceProblem> problems)
    {
        var reader = new SettingsReader(settings, "", problems);
        var read = new SqlSettings(
            reader.Text("connection", longest: 200, required: true),
            reader.Flag("write"),
            reader.Time("timeout", TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)),
            reader.Number("max_rows", 200, 1, 10_000),
            reader.Number("max_bytes", 64 * 1024, 1024, 512 * 1024),
            reader.Number("max_connections", 5, 1, 50),
            reader.Texts("schemas"));
        reader.Check(
            read.Connection.Length == 0 || ConnectionFormat().IsMatch(read.Connection),
            "connection",
            "must be the name of a connection (letters, digits, '-', '_'), or exactly a reference to a variable whose name ends in _CONNECTION, such as ${SHOP_CONNECTION}; never the connection string itself.");
        reader.Check(read.Schemas.All(schema => schema.Length is > 0 and <= 63), "schemas", "must have 1 to 63 characters each.");
        reader.Done();
        return read;
    }

    /// <summary>Whether the connection is a variable of the environment and not a name.</summary>
    public bool IsReference => Connection.StartsWith('$');

    [GeneratedRegex(@"^([A-Za-z0-9_-]{1,64}|\$\{[A-Z][A-Z0-9_]{0,100}_CONNECTION\})\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ConnectionFormat();
}
