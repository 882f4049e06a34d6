using Microsoft.Extensions.Logging;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Declarations;
using Minion.Tools.Sources;

namespace Minion.Tools.Registry;

/// <summary>Puts the tools of a tenant together.</summary>
internal sealed class TenantToolsBuilder(
    ToolRegistry own, IDeclarations declarations, SourceSet sources, SourceListings listings, TimeProvider time, ILogger<TenantToolsBuilder> log)
{
    /// <param name="tenant">The tenant.</param>
    /// <param name="before">What was made last: tools that stay as they are keep their places and limits.</param>
    /// <param name="changed">Called when a source says that it has changed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The tools, and whether a source did not answer.</returns>
    public async Task<(TenantTools Tools, bool Failing)> BuildAsync(string tenant, TenantTools? before, Action changed, CancellationToken cancellationToken)
    {
        var declared = await declarations.ReadAsync(tenant, cancellationToken);
        var live = sources.Keep(tenant, declared.Sources, changed);
        if (declared.IsEmpty)
        {
            return (own.Everywhere, Failing: false);
        }

        var listed = await Task.WhenAll(live.Select(source => listings.ListAsync(tenant, source, declared, changed, cancellationToken)));
        var policies = declared.Policies.OrderBy(policy => Wildcards.Exactness(policy.Name)).ThenBy(policy => policy.Name, StringComparer.Ordinal).ToList();
        var known = (before is null ? [] : before.All).ToLookup(tool => (tool.Tool, tool.Fingerprint));
        var tools = new List<RegisteredTool>();
        foreach (var tool in own.Tools)
        {
            var seen = declared.Versions.FirstOrDefault(v => v.Source.Length == 0 && v.Name == tool.Description.Name && v.Version == tool.Description.Version && v.Hash.AsSpan().SequenceEqual(tool.Hash));
            tools.Add(Register(tenant, tool.Tool, source: null, seen, policies, known) ?? tool);
        }

        var taken = own.Tools.Select(tool => tool.Description.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var listing in listed)
        {
            var ofSource = new HashSet<(string, string)>();
            foreach (var (tool, seen) in listing.Tools)
            {
                var name = tool.Description.Name;
                if (taken.Contains(name) || !ofSource.Add((name, tool.Description.Version)))
                {
                    log.SourceToolLeftOut(tenant, listing.Source.Name, $"the name '{name}' is taken");
                }
                else if (Register(tenant, tool, listing.Source, seen, policies, known) is { } registered)
                {
                    tools.Add(registered);
                }
            }

            taken.UnionWith(ofSource.Select(pair => pair.Item1));
        }

        return (new TenantTools(tools), listed.Any(listing => listing.Failing));
    }

    /// <summary>Null for a tool of the server's own that nothing was said about, and for one of a source whose description cannot be used.</summary>
    private RegisteredTool? Register(
        string tenant, ITool tool, DeclaredSource? source, SeenVersion? seen, List<DeclaredPolicy> policies, ILookup<(ITool, string), RegisteredTool> known)
    {
        var said = policies.Where(policy => Wildcards.Fit(policy.Name, tool.Description.Name)).Select(policy => policy.Policy).ToList();
        if (source is null && seen is null && said.Count == 0)
        {
            return null;
        }

        if (source is not null)
        {
            said.Insert(0, source.Policy);
        }

        var (status, replacement) = StatusOf(tool.Description, seen, said.Skip(source is null ? 0 : 1));
        var fingerprint = string.Join('|', [source?.Name ?? "", status.ToString(), replacement, .. said.Select(policy => policy.ToString())]);
        if (known[(tool, fingerprint)].FirstOrDefault() is { } before)
        {
            return before;
        }

        if (source is not null && DescriptionRules.Problems(tool.Description).FirstOrDefault() is { } problem)
        {
            log.SourceToolLeftOut(tenant, source.Name, problem);
            return null;
        }

        return RegisteredTool.Create(
            tool, ToolOverlay.Apply(tool.Description, said) with { Status = status, Replacement = replacement }, source?.Name ?? "", time, log, said, fingerprint);
    }

    /// <summary>A policy can take approval away, never give it: what was approved is what somebody has looked at.</summary>
    private static (ToolStatus Status, string Replacement) StatusOf(ToolDescription tool, SeenVersion? seen, IEnumerable<Contracts.Tools.V1.ToolPolicy> policies)
    {
        var (status, replacement) = seen is null ? (tool.Status, tool.Replacement) : (seen.Status, seen.Replacement.Length > 0 ? seen.Replacement : tool.Replacement);
        foreach (var policy in policies.Where(policy => policy.Status is not ToolStatus.Unspecified and not ToolStatus.Approved))
        {
            if (policy.Status != ToolStatus.Deprecated || status == ToolStatus.Approved)
            {
                status = policy.Status;
            }

            replacement = policy.Replacement.Length > 0 ? policy.Replacement : replacement;
        }

        return (status, replacement);
    }
}
