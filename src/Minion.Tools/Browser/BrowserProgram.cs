using Microsoft.Playwright;

namespace Minion.Tools.Browser;

/// <summary>One running browser with the driver that speaks to it, and the folder that both work in.</summary>
internal sealed class BrowserProgram : IAsyncDisposable, IDisposable
{
    private static readonly string[] Flags =
    [
        "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-dev-shm-usage", "--renderer-process-limit=8", "--dns-prefetch-disable",

        // Nothing goes past the proxy: no media is sent by UDP.
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    ];

    private const int StartAttempts = 3;

    private readonly IPlaywright _driver;
    private readonly BrowserLimits _limits;
    private readonly string _folder;

    private BrowserProgram(IPlaywright driver, IBrowser browser, BrowserLimits limits, ContextProxies proxies, string folder)
    {
        (_driver, Browser, _limits, Proxies, _folder) = (driver, browser, limits, proxies, folder);
    }

    public IBrowser Browser { get; }

    /// <summary>Makes the ways out of its contexts.</summary>
    public ContextProxies Proxies { get; }

    /// <summary>Where the browser writes downloads that are under way.</summary>
    public string Downloads => Path.Combine(_folder, "downloads");

    /// <exception cref="BrowserUnavailableException">It cannot be started.</exception>
    public static async Task<BrowserProgram> StartAsync(BrowserOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var executable = Chromium.Find(options.Executable);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await StartOnceAsync(options, executable, time, cancellationToken);
            }
            catch (PlaywrightException) when (attempt < StartAttempts && !cancellationToken.IsCancellationRequested)
            {
                // The driver or the browser has died while it was starting, as a machine that is out of memory has it.
            }
            catch (Exception error) when (error is PlaywrightException or TimeoutException)
            {
                throw new BrowserUnavailableException("The browser did not start: " + FirstLine(error.Message), error);
            }
        }
    }

    private static async Task<BrowserProgram> StartOnceAsync(BrowserOptions options, string executable, TimeProvider time, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("minion-browser-").FullName;
        var limits = new BrowserLimits(options, folder, time);
        IPlaywright? driver = null;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "downloads"));
            var sockets = Directory.CreateDirectory(Path.Combine(folder, "proxies")).FullName;
            var (program, sandbox) = await ProgramAsync(options, executable, folder, limits, cancellationToken);
            var proxies = new ContextProxies(sandbox is BrowserSandbox.Bubblewrap ? sockets : null);
            driver = await Playwright.CreateAsync();
            var browser = await LaunchAsync(driver, program, sandbox, folder);
            return new BrowserProgram(driver, browser, limits, proxies, folder);
        }
        catch
        {
            driver?.Dispose();
            limits.Dispose();
            Remove(folder);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Browser.CloseAsync();
        }
        catch (PlaywrightException)
        {
            // It has ended already.
        }

        Dispose();
    }

    /// <summary>Ends the driver, and with it the browser.</summary>
    public void Dispose()
    {
        _driver.Dispose();
        _limits.Dispose();
        Remove(_folder);
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Something is still being written; the system clears its temporary folder.
        }
    }

    /// <summary>What is started, and what holds it in.</summary>
    private static async Task<(string Program, BrowserSandbox Sandbox)> ProgramAsync(
        BrowserOptions options, string executable, string folder, BrowserLimits limits, CancellationToken cancellationToken)
    {
        if (options.Sandbox is BrowserSandbox.None)
        {
            return (executable, BrowserSandbox.None);
        }

        if (options.Sandbox is not BrowserSandbox.Chromium && OperatingSystem.IsLinux() && BrowserForwarder.FindNode() is { } node
            && Chromium.OnPath("bwrap") is { } bubblewrap && await BrowserWrapper.WorksAsync(bubblewrap, cancellationToken))
        {
            return (BrowserWrapper.Write(folder, bubblewrap, executable, node, limits.Start(), options.MemoryMb), BrowserSandbox.Bubblewrap);
        }

        if (options.Sandbox is BrowserSandbox.Bubblewrap)
        {
            throw new BrowserUnavailableException("bubblewrap is not installed (on Debian: apt-get install bubblewrap), or does not work here.");
        }

        return !Environment.IsPrivilegedProcess
            ? (executable, BrowserSandbox.Chromium)
            : throw new BrowserUnavailableException(
                "As root, the browser runs in bubblewrap only, and that is not installed (on Debian: apt-get install bubblewrap) or does not work here. "
                + "Run the server as another user, or install it.");
    }

    private static Task<IBrowser> LaunchAsync(IPlaywright driver, string program, BrowserSandbox sandbox, string folder) => driver.Chromium.LaunchAsync(new()
    {
        ExecutablePath = program,
        ChromiumSandbox = sandbox is not BrowserSandbox.None,
        // No names are resolved here; a proxy is an address.
        Args = [.. Flags, $"--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE {(sandbox is BrowserSandbox.Bubblewrap ? "127.1.*" : "127.0.0.1")}"],
        DownloadsPath = Path.Combine(folder, "downloads"),
        HandleSIGHUP = false,
        HandleSIGINT = false,
        HandleSIGTERM = false,
        Timeout = 60_000,

        // Each run's pages have a proxy of their own; whatever is none of theirs goes nowhere.
        Proxy = new Proxy { Server = "http://127.0.0.1:1" },

        // Not the server's own: they hold its secrets.
        Env = new Dictionary<string, string>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
            ["HOME"] = folder,
            ["LANG"] = "C.UTF-8",
        },
    });

    private static string FirstLine(string text) => text.Split('\n', 2)[0];
}
