using System.Net;
using System.Net.Sockets;
using Minion.Tools.Sandboxes;

namespace Minion.Tools.Tests.Sandboxes;

/// <summary>Every attack of the battery, with control groups (where they can be written) and without.</summary>
public abstract class EscapeBattery : IDisposable
{
    private readonly SandboxHarness _sandboxes;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Socket _abstract = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _abstractName = $"minion-battery-{Guid.CreateVersion7():n}";
    private readonly BatteryScore _score;
    private int _calls;

    protected EscapeBattery(string controlGroups, BatteryScore score)
    {
        _score = score;
        _score.Kind = controlGroups == "off" ? "without control groups" : "with control groups";
        SandboxHarness.SkipWithout();
        Environment.SetEnvironmentVariable(ReadingHost.Secret, "do-not-tell");
        _sandboxes = new SandboxHarness(options =>
        {
            options.ControlGroups = controlGroups;
            options.CpuSeconds = 3;
            options.Concurrent = 2;
        });
        _listener.Start();
        _abstract.Bind(new UnixDomainSocketEndPoint("\0" + _abstractName));
        _abstract.Listen();
        _ = CountAsync();
    }

    public static TheoryData<string> Names => [.. Attacks.All.Select(attack => attack.Name)];

    public void Dispose()
    {
        _listener.Dispose();
        _abstract.Dispose();
        _sandboxes.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_attack_is_contained(string name)
    {
        var attack = Attacks.All.Single(one => one.Name == name);
        var code = attack.Code.Replace(GettingOut.Port, $"{((IPEndPoint)_listener.LocalEndpoint).Port}", StringComparison.Ordinal)
            .Replace(GettingOut.AbstractName, _abstractName, StringComparison.Ordinal);
        var result = await RunAsync(code);

        attack.Contained(result).ShouldBeTrue($"{result.End} {result.ExitCode}\n{result.Output}\n{result.Error}");
        (result.Output + result.Error).ShouldNotContain("do-not-tell");
        _calls.ShouldBe(0);
        _score.Add();
    }

    private async Task<SandboxResult> RunAsync(string code)
    {
        var isShell = code.StartsWith("#!sh", StringComparison.Ordinal);
        var file = isShell ? "main.sh" : "main.py";
        return await _sandboxes.Sandbox.RunAsync(
            new SandboxCommand([isShell ? "bash" : "/usr/bin/python3", $"{SandboxCommand.CodeFolder}/{file}"])
            {
                Code = code,
                CodeName = file,
                Timeout = TimeSpan.FromSeconds(code.Contains("deaf", StringComparison.Ordinal) || code.Contains("SIG_IGN", StringComparison.Ordinal) ? 2 : 120),
            },
            home: null,
            TestContext.Current.CancellationToken);
    }

    private async Task CountAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref _calls);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }
}

/// <summary>With control groups, where this machine lets them be made.</summary>
public sealed class EscapeBatteryWithControlGroups(BatteryScore score) : EscapeBattery("auto", score), IClassFixture<BatteryScore>;

/// <summary>With limits of single processes and the watchdog.</summary>
public sealed class EscapeBatteryWithWatchdog(BatteryScore score) : EscapeBattery("off", score), IClassFixture<BatteryScore>;
