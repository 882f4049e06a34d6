using Microsoft.Playwright;

namespace Minion.Tools.Browser;

/// <summary>One running browser with the driver that speaks to it, and the folder that both work in.</summary>
internal sealed class BrowserProgram : IAsyncDisposable, IDisposable
{
    private static readonly string[] Flags =
    [
        "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-dev-shm-usage", "--renderer-process-limit=8", "--dns-prefetch-disable",

        // Nothing goes past the proxy: no names are resolved here, and no media is sent by UDP.
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    ];

    private readonly IPlaywright _driver;
    private readonly string _folder;

    private BrowserProgram(IPlaywright driver, IBrowser browser, string folder)
    {
        (_driver, Browser, _folder) = (driver, browser, folder);
    }

    public IBrowser Browser { get; }

    /// <summary>Where the browser writes downloads that are under way.</summary>
    public string Downloads => Path.Combine(_folder, "downloads");

    /// <exception cref="BrowserUnavailableException">It cannot be started.</exception>
    public static async Task<BrowserProgram> StartAsync(BrowserOptions options, CancellationToken cancellationToken)
    {
        var executable = Chromium.Find(options.Executable);
        var folder = Directory.CreateTempSubdirectory("minion-browser-").FullName;
        IPlaywright? driver = null;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "downloads"));
            var (program, confined) = await ProgramAsync(options, executable, folder, cancellationToken);
            driver = await Playwright.CreateAsync();
            return new BrowserProgram(driver, await LaunchAsync(driver, program, confined, folder), folder);
        }
        catch (Exception error)
        {
            driver?.Dispose();
            Directory.Delete(folder, recursive: true);
            if (error is not PlaywrightException)
            {
                throw;
            }

            throw new BrowserUnavailableException("The browser did not start: " + FirstLine(error.Message), error);
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
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Something is still being written; the system clears its temporary folder.
        }
    }

    /// <summary>What is started, and whether the browser's own sandbox is on.</summary>
    private static async Task<(string Program, bool Confined)> ProgramAsync(
        BrowserOptions options, string executable, string folder, CancellationToken cancellationToken)
    {
        if (options.Sandbox is BrowserSandbox.None)
        {
            return (executable, false);
        }

        if (options.Sandbox is not BrowserSandbox.Chromium && OperatingSystem.IsLinux()
            && Chromium.OnPath("bwrap") is { } bubblewrap && await BrowserWrapper.WorksAsync(bubblewrap, cancellationToken))
        {
            return (BrowserWrapper.Write(folder, bubblewrap, executable), true);
        }

        if (options.Sandbox is BrowserSandbox.Bubblewrap)
        {
            throw new BrowserUnavailableException("bubblewrap is not installed (on Debian: apt-get install bubblewrap), or does not work here.");
        }

        return !Environment.IsPrivilegedProcess
            ? (executable, true)
            : throw new BrowserUnavailableException(
                "As root, the browser runs in bubblewrap only, and that is not installed (on Debian: apt-get install bubblewrap) or does not work here. "
                + "Run the server as another user, or install it.");
    }

    private static Task<IBrowser> LaunchAsync(IPlaywright driver, string program, bool confined, string folder) => driver.Chromium.LaunchAsync(new()
    {
        ExecutablePath = program,
        ChromiumSandbox = confined,
        Args = Flags,
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
