using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.Contracts.Tools.V1;
using Minion.ServiceDefaults.Callers;
using Minion.Tools.Declarations;
using Minion.Tools.Registry;

namespace Minion.Tools.Api;

/// <summary>The versions of tools, and what is decided about them.</summary>
internal sealed class VersionService(IDeclarations declarations, VersionStore store, TenantRegistry registry, RegistryNotifications notifications)
{
    private const int LongestNote = 1000;

    public async Task<IReadOnlyList<ToolVersion>> ListAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        var tools = await registry.GetAsync(caller.Tenant, cancellationToken);
        var isHidden = tools.Find(name) is { } tool && !tool.IsAllowedFor(caller) && !caller.May(AdministratorExtensions.Permission);
        var found = isHidden ? [] : await FindAsync(caller, name, cancellationToken);
        return found.Count == 0
            ? throw Fault.NotFound("tool", name, Nearest.Question(tools.NearestTo(name, caller)))
            : [.. found.Select(version => WithPolicies(ToMessage(version), version, tools))];
    }

    /// <summary>What holds now: policies say more, or something else, than the tool itself does.</summary>
    private static ToolVersion WithPolicies(ToolVersion message, SeenVersion version, TenantTools tools)
    {
        if (tools.Versions(version.Name).FirstOrDefault(tool => tool.Description.Version == version.Version && tool.Hash.AsSpan().SequenceEqual(version.Hash)) is { Description: var now })
        {
            message.Tool = ToolMessages.Of(now);
            message.Tool.Source = version.Source;
            message.Tool.Status = version.Status;
            message.Tool.Replacement = version.Replacement;
        }

        return message;
    }

    public async Task<ToolVersion> SetAsync(Caller caller, SetToolStatusRequest request, CancellationToken cancellationToken)
    {
        await CheckAsync(caller, request, cancellationToken);
        var all = await FindAsync(caller, request.Name, cancellationToken);
        var version = all.Where(v => request.Version.Length == 0 ? v.Offered : v.Version == request.Version)
            .OrderByDescending(v => v.Offered).ThenByDescending(v => v.Version, VersionOrder.Instance).FirstOrDefault()
            ?? throw Fault.NotFound("tool", request.Version.Length == 0 ? request.Name : $"{request.Name}@{request.Version}", "'minion tools' lists the tools.");
        if (request.Hash.Length > 0 && !string.Equals(request.Hash, Convert.ToHexString(version.Hash), StringComparison.OrdinalIgnoreCase))
        {
            throw Changed(request.Name);
        }

        StatusChange.Check(version.Name, version.Status, request.Status);
        var decided = version with { Status = request.Status, Replacement = request.Replacement, Note = request.Note };
        if (!await store.DecideAsync(caller, decided, version.Status, cancellationToken))
        {
            throw Changed(request.Name);
        }

        notifications.Tell(caller.Tenant);
        return ToMessage((await FindAsync(caller, version.Name, cancellationToken)).First(v => v.Version == version.Version && v.Hash.AsSpan().SequenceEqual(version.Hash)));
    }

    private static Fault Changed(string name) => new(
        StatusCode.Aborted, "TOOL_CHANGED", $"'{name}' is another by now, or somebody else has decided about it.", "Look at it again, then decide.");

    private async Task CheckAsync(Caller caller, SetToolStatusRequest request, CancellationToken cancellationToken)
    {
        var violations = new Violations();
        violations.Check(request.Name.Length is > 0 and <= 64, "name", "must have 1 to 64 characters.");
        violations.Check(request.Version.Length <= 64, "version", "must have at most 64 characters.");
        violations.Check(request.Status != ToolStatus.Unspecified && System.Enum.IsDefined(request.Status), "status", "must be draft, review, approved or deprecated.");
        violations.Check(request.Note.Length <= LongestNote && !request.Note.Contains('\0', StringComparison.Ordinal), "note", $"must have at most {LongestNote} characters.");
        if (violations.Check(request.Replacement.Length <= 129, "replacement", "must have at most 129 characters: a name, or name@version.") && request.Replacement.Length > 0)
        {
            var instead = request.Replacement.Split('@')[0];
            violations.Check((await FindAsync(caller, instead, cancellationToken)).Count > 0, "replacement", $"must be a tool that there is; there is no tool '{instead}'.");
        }

        violations.Check(
            request.Status != ToolStatus.Deprecated || request.Replacement.Length > 0, "replacement", "must say what to use instead of a deprecated tool.");
        violations.ThrowIfAny();
    }

    /// <summary>What is kept, and the server's own that nobody has decided about; the latest first.</summary>
    private async Task<IReadOnlyList<SeenVersion>> FindAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        var tools = await registry.GetAsync(caller.Tenant, cancellationToken);
        var kept = (await declarations.ReadAsync(caller.Tenant, cancellationToken)).Versions.Where(version => version.Name == name).ToList();
        var own = tools.Versions(name).Where(tool => tool.Source.Length == 0 && !kept.Exists(v => v.Version == tool.Description.Version && v.Hash.AsSpan().SequenceEqual(tool.Hash)));
        return
        [
            .. kept.Concat(own.Select(tool => new SeenVersion(name, tool.Description.Version, tool.Hash, "", ToolMessages.Of(tool.Tool.Description), tool.Tool.Description.Status) { Replacement = tool.Tool.Description.Replacement }))
                .OrderByDescending(version => version.Version, VersionOrder.Instance).ThenByDescending(version => version.Offered).ThenByDescending(version => version.SeenAt),
        ];
    }

    private static ToolVersion ToMessage(SeenVersion version)
    {
        var message = new ToolVersion
        {
            Tool = version.Definition.Clone(),
            Source = version.Source,
            Hash = Convert.ToHexStringLower(version.Hash),
            Offered = version.Offered,
            DecidedBy = version.DecidedBy,
            Note = version.Note,
        };
        message.Tool.Source = version.Source;
        message.Tool.Status = version.Status;
        message.Tool.Replacement = version.Replacement;
        if (version.SeenAt != default)
        {
            message.SeenAt = Timestamp.FromDateTimeOffset(version.SeenAt);
        }

        if (version.DecidedAt is { } at)
        {
            message.DecidedAt = Timestamp.FromDateTimeOffset(at);
        }

        return message;
    }
}
