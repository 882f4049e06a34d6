using Minion.Contracts.Callers;
using Minion.Tools.Mcp.Settings;
using Minion.Tools.Sources;

namespace Minion.Tools.Mcp;

/// <summary>Which programs sources may start. They run as Minion's own user, so they are for who runs the server to allow.</summary>
/// <param name="options">What the settings allow.</param>
/// <param name="isLocal">Nobody has a key: only people of this machine reach the server.</param>
internal sealed class McpCommands(McpOptions options, bool isLocal)
{
    private const string Setting = $"{McpOptions.Section}:{nameof(McpOptions.Commands)}";

    /// <summary>Why the program cannot be started; null when it can, or there is none.</summary>
    public SourceProblem? Problem(string tenant, McpSettings settings)
    {
        if (settings.Command is not { } command)
        {
            return null;
        }

        if (options.AllowCommands == false)
        {
            return new SourceProblem("/command", $"is not allowed on this server; {McpOptions.Section}:{nameof(McpOptions.AllowCommands)} is false there.");
        }

        if (!options.Commands.TryGetValue(tenant, out var allowed))
        {
            return tenant == Caller.DefaultTenant && (options.AllowCommands ?? isLocal) ? null : NotNamed(tenant, command);
        }

        var problems = allowed.Select(line => LineProblem(line, settings)).ToList();
        return problems.Contains(null) ? null : problems.OfType<SourceProblem>().FirstOrDefault(problem => problem.Path != "/command") ?? NotNamed(tenant, command);
    }

    private static SourceProblem NotNamed(string tenant, string command) => new(
        "/command",
        $"'{(command.Length <= 100 ? command : command[..100] + "…")}' may not be started for the tenant '{tenant}' with these arguments: who runs the server names what may be in {Setting}:{tenant}, "
        + "for example 'npx -y @modelcontextprotocol/server-filesystem'.");

    /// <summary>Variables and folders can make a program load what it should not: beside secrets only those that the line names.</summary>
    private static SourceProblem? LineProblem(string line, McpSettings settings)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is ["*"])
        {
            return null;
        }

        var variables = words.TakeWhile(word => word.EndsWith('=')).Select(word => word[..^1]).ToList();
        var begins = words.Skip(variables.Count).ToList();
        string[] given = [settings.Command!, .. settings.Arguments];
        return begins.Count == 0 || !given.Take(begins.Count).SequenceEqual(begins, StringComparer.Ordinal) ? new SourceProblem("/command", "")
            : settings.Folder is not null ? new SourceProblem("/cwd", "is not allowed for this program.")
            : settings.Environment.Keys.FirstOrDefault(name => !variables.Contains(name) && !SecretReferences.IsAllowed(name)) is { } name
                ? new SourceProblem("/env", $"has '{name}', which may not be set for this program: who runs the server writes '{name}=' before it in {Setting}.")
            : null;
    }
}
