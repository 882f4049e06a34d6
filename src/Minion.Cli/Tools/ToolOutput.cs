using Minion.Cli.Output;
using Minion.Contracts.Tools.V1;

namespace Minion.Cli.Tools;

/// <summary>Tools for people.</summary>
internal static class ToolOutput
{
    public static string[] Row(Tool tool) =>
        [tool.Name, tool.Version, Phrases.Word(tool.Status), Effect(tool), tool.Source.Length > 0 ? tool.Source : "(server)", Phrases.Short(tool.Description, 60)];

    public static string Effect(Tool tool) => tool.Effect switch
    {
        Contracts.Tools.V1.Effect.ReadOnly => "reads only",
        Contracts.Tools.V1.Effect.Idempotent => tool.Reversible ? "idempotent, reversible" : "idempotent",
        Contracts.Tools.V1.Effect.SideEffect => tool.Reversible ? "reversible" : "side effect",
        _ => "",
    };

    /// <summary>The name and the version that were typed.</summary>
    public static (string Name, string Version) Split(string text) =>
        text.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? (text[..at], text[(at + 1)..]) : (text, "");

    /// <summary>The first in full, the others in a line each.</summary>
    public static void Show(Terminal terminal, IReadOnlyList<ToolVersion> versions)
    {
        var version = versions[0];
        var tool = version.Tool;
        terminal.Properties(
            ("tool", tool.Name),
            ("version", tool.Version),
            ("status", Status(version)),
            ("source", version.Source),
            ("offered", version.Offered ? "" : "no longer"),
            ("hash", version.Hash),
            ("effect", Effect(tool)),
            ("untrusted", tool.Untrusted ? "results come from where anybody may write" : ""),
            ("category", tool.Category),
            ("tags", string.Join(", ", tool.Tags)),
            ("owner", tool.Owner),
            ("timeout", tool.TimeoutMs > 0 ? Phrases.For(TimeSpan.FromMilliseconds(tool.TimeoutMs)) : ""),
            ("permissions", string.Join(", ", tool.Permissions)),
            ("capabilities", string.Join(", ", tool.Capabilities)),
            ("instead", tool.Replacement),
            ("note", version.Note),
            ("description", tool.Description),
            ("examples", string.Join('\n', tool.Examples.Select(example => $"{example.Title}: {example.Arguments}"))),
            ("input", tool.InputSchema),
            ("output", tool.OutputSchema));
        if (versions.Count > 1)
        {
            terminal.Out.WriteLine();
            terminal.Table(
                ["version", "hash", "status", "offered", "seen"],
                versions.Select(v => new[] { v.Tool.Version, v.Hash[..12], Status(v), v.Offered ? "yes" : "no", Phrases.Ago(v.SeenAt, terminal.Time.GetUtcNow()) }),
                "");
        }
    }

    public static string Status(ToolVersion version) =>
        Phrases.Word(version.Tool.Status) + (version.DecidedBy.Length > 0 ? $" by {version.DecidedBy}" : "");
}
