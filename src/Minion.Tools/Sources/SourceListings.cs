using Microsoft.Extensions.Logging;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Declarations;
using Minion.Tools.Registry;

namespace Minion.Tools.Sources;

/// <summary>What a source offers, with what was decided about each tool.</summary>
internal sealed record SourceListing(DeclaredSource Source, IReadOnlyList<(ITool Tool, SeenVersion Seen)> Tools, bool Failing);

/// <summary>
/// Asks sources what they offer and pins it: a tool that was not seen before, or that is another than before, waits for approval, except that what a
/// source offers when it has just been declared is what was wanted. A source that does not answer keeps the tools that it had.
/// </summary>
internal sealed class SourceListings(IDeclarations declarations, ILogger<SourceListings> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<SourceListing> ListAsync(
        string tenant, LiveSource live, TenantDeclarations declared, Action changed, CancellationToken cancellationToken)
    {
        var source = declared.Sources.First(s => s.Name == live.Declared.Name);
        var rows = declared.Versions.Where(version => version.Source == source.Name).ToList();
        var listing = live.ListAsync();
        if (!listing.IsCompleted && rows.Exists(row => row.Offered))
        {
            // What it had serves until it answers.
            _ = listing.ContinueWith(_ => changed(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            return Stored(source, live, rows, failing: false);
        }

        try
        {
            return await PinAsync(tenant, source, await listing.WaitAsync(Patience, cancellationToken), rows, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // One source that is broken takes no other tool with it.
            log.SourceNotListed(exception is ToolSourceException or TimeoutException ? null : exception, tenant, source.Name, exception.Message);
            return Stored(source, live, rows, failing: true);
        }
    }

    private static SourceListing Stored(DeclaredSource source, LiveSource live, List<SeenVersion> rows, bool failing) =>
        new(source, [.. rows.Where(row => row.Offered).Select(row => ((ITool)new StoredTool(live, row), row))], failing);

    private async Task<SourceListing> PinAsync(
        string tenant, DeclaredSource source, IReadOnlyList<ITool> tools, List<SeenVersion> rows, CancellationToken cancellationToken)
    {
        var isNew = rows.Count == 0 || source.UpdatedAt > rows.Max(row => row.SeenAt);
        var first = source.Policy.Status == ToolStatus.Unspecified ? ToolStatus.Approved : source.Policy.Status;
        var seen = tools.Select(tool => Row(tool) is { } row ? (tool, row) : (tool, New(tool, isNew ? first : ToolStatus.Review))).ToList();
        var isSame = !isNew && seen.Count == rows.Count(row => row.Offered) && seen.TrueForAll(pair => rows.Exists(row => row.Offered && IsSame(row, pair.Item2)));
        if (!isSame)
        {
            await declarations.SeeAsync(tenant, source.Name, seen.ConvertAll(pair => pair.Item2), cancellationToken);
        }

        return new SourceListing(source, seen, Failing: false);

        SeenVersion? Row(ITool tool) => rows.Find(row => row.Name == tool.Description.Name && row.Version == tool.Description.Version && row.Hash.AsSpan().SequenceEqual(ToolHash.Of(tool.Description)));

        SeenVersion New(ITool tool, ToolStatus status) => new(
            tool.Description.Name, tool.Description.Version, ToolHash.Of(tool.Description), source.Name, ToolMessages.Of(tool.Description), status);
    }

    private static bool IsSame(SeenVersion one, SeenVersion other) =>
        one.Name == other.Name && one.Version == other.Version && one.Hash.AsSpan().SequenceEqual(other.Hash);
}
