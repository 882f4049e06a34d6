using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minion.Tools.Network;
using Minion.Tools.Sandboxes.Bubblewrap;
using Minion.Tools.Sandboxes.Homes;
using Minion.Tools.Sandboxes.Limits;
using Minion.Tools.Sandboxes.Network;

namespace Minion.Tools.Sandboxes;

/// <summary>Runs commands where they find nothing and can use up little. There is no way to run one without.</summary>
internal sealed class Sandbox(
    IOptions<SandboxOptions> options, SandboxAvailability availability, SandboxFolders folders, HomeStore homes, AddressGuard guard, TimeProvider time,
    ILogger<Sandbox> log)
    : IDisposable
{
    private static readonly TimeSpan AfterTheEnd = TimeSpan.FromSeconds(10);

    private readonly SandboxOptions _options = options.Value;
    private readonly ControlGroups _groups = ControlGroups.OfThisMachine();
    private readonly AddressGuard? _guard = options.Value.AllowedHosts.Count == 0
        ? null
        : guard.OnlyTo(options.Value.AllowedHosts.SelectMany(AllowedHosts.Patterns));

    private readonly Slots _slots = new(options.Value.Concurrent);
    private readonly SpawnThread _spawn = new();

    /// <summary>Runs a command and waits for its end.</summary>
    /// <param name="command">What.</param>
    /// <param name="home">Whose home folder it finds and leaves behind; null for an empty one that goes with it.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    /// <exception cref="SandboxUnavailableException">There is no sandbox here.</exception>
    public async Task<SandboxResult> RunAsync(SandboxCommand command, HomeKey? home, CancellationToken cancellationToken)
    {
        var bubblewrap = availability.Bubblewrap();
        using var lease = home is null ? null : await homes.LeaseAsync(home, cancellationToken);
        if (command.Key.Length > 0 && lease?.Packed is { } packed && CallRecord.Read(packed) is { } record && record.Key == command.Key)
        {
            return record.Result;
        }

        using var slot = await _slots.EnterAsync(cancellationToken);
        using var folder = new CallFolder(folders.Calls);
        using var group = _options.ControlGroups == "off" ? null : _groups.Create(GroupLimits.Of(_options));
        await using var proxy = _guard is null ? null : new SandboxProxy(_guard, time, log);
        var keep = lease is not null || command.Wanted.Count > 0;
        folder.Write(command, BubblewrapArguments.For(_options, command, proxy?.Path));
        var info = Launch.Info(
            bubblewrap,
            Environment.IsPrivilegedProcess ? slot.User : null,
            folder,
            folders.Filter(),
            lease?.Packed,
            keep,
            group?.Joins ?? [],
            InnerScript.For(_options, lease?.Packed is not null, command.Files.Count > 0, keep, proxy is not null),
            command.Program);
        var started = time.GetTimestamp();
        using var process = await _spawn.RunAsync(() => Process.Start(info)!);
        var run = new SandboxRun(_options, process, group, command, time);
        await run.WaitAsync(AfterTheEnd, cancellationToken);
        var result = run.Result(folder.Status) with { Duration = time.GetElapsedTime(started) };
        return keep ? await KeepAsync(result, command, lease, folder, cancellationToken) : result;
    }

    public void Dispose()
    {
        _spawn.Dispose();
        _slots.Dispose();
    }

    private static async Task<SandboxResult> KeepAsync(
        SandboxResult result, SandboxCommand command, HomeLease? lease, CallFolder folder, CancellationToken cancellationToken)
    {
        lease?.Touch();
        if (result.ExitCode == InnerScript.NotUnpacked && lease?.Packed is not null)
        {
            // What was kept cannot be unpacked: the next call finds an empty folder instead of the same failure.
            lease.Drop();
        }

        if (result.ExitCode is null || !HomeFiles.IsWhole(folder.HomeAfter))
        {
            return result;
        }

        var files = await HomeFiles.ReadAsync(folder.HomeAfter, command.Wanted, cancellationToken);
        result = result with { Files = files, Kept = lease is not null };
        if (command.Key.Length > 0)
        {
            new CallRecord(command.Key, result).Append(folder.HomeAfter);
        }

        lease?.Keep(folder.HomeAfter);
        return result;
    }
}
