using Microsoft.Extensions.Configuration;
using Minion.Contracts.Faults;
using Minion.ServiceDefaults.Callers;

namespace Minion.ServiceDefaults.Tests.Callers;

public sealed class CallerKeyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("minion-key-").FullName;

    [Fact]
    public void The_file_is_made_once_and_only_its_owner_may_read_it()
    {
        var key = New(folder: _folder).Bytes;
        key.Length.ShouldBe(32);
        New(folder: _folder).Bytes.ShouldBe(key);
        Directory.GetFiles(_folder).ShouldBe([Path.Combine(_folder, "caller.key")]);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.GetUnixFileMode(Path.Combine(_folder, "caller.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Services_that_start_at_once_agree_on_one_key()
    {
        using var start = new Barrier(16);
        var keys = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return Convert.ToHexString(New(folder: _folder).Bytes);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        keys.Distinct().Count().ShouldBe(1);
        Directory.GetFiles(_folder).Length.ShouldBe(1);
    }

    [Fact]
    public void A_configured_key_takes_the_place_of_the_file()
    {
        var configured = New(_folder, new string('k', 32)).Bytes;
        configured.ShouldBe(New(null, new string('k', 32)).Bytes);
        configured.ShouldNotBe(New(null, new string('x', 32)).Bytes);
        Directory.GetFiles(_folder).ShouldBeEmpty();
    }

    [Fact]
    public void A_short_key_is_refused() =>
        Should.Throw<Fault>(() => New(null, "short").Bytes).Reason.ShouldBe("CALLER_KEY_TOO_SHORT");

    [Fact]
    public void A_damaged_file_is_not_used()
    {
        File.WriteAllText(Path.Combine(_folder, "caller.key"), "half");
        Should.Throw<Fault>(() => New(_folder).Bytes).Reason.ShouldBe("CALLER_KEY_DAMAGED");
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_said()
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "");
        Should.Throw<Fault>(() => New(Path.Combine(_folder, "file")).Bytes).Reason.ShouldBe("CALLER_KEY_UNREADABLE");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CallerKey New(string? folder, string? key = null) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { ["Data:Folder"] = folder, ["Caller:Key"] = key })
        .Build());
}
