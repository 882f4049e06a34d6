using System.ComponentModel.DataAnnotations;

namespace Minion.Tools.Browser;

/// <summary>Settings of the browser that agents use.</summary>
public sealed class BrowserOptions
{
    /// <summary>The section in the configuration.</summary>
    public const string Section = "Tools:Browser";

    /// <summary>The program: Chromium, or another browser built on it. Default: the first that is found on PATH.</summary>
    public string Executable { get; set; } = "";

    /// <summary>What holds the browser in. Default: bubblewrap where it works, else the browser's own sandbox.</summary>
    [EnumDataType(typeof(BrowserSandbox))]
    public BrowserSandbox Sandbox { get; set; } = BrowserSandbox.Auto;

    /// <summary>Runs that have pages open at a time; 1 to 100, default 8. One more closes what has been idle longest.</summary>
    [Range(1, 100)]
    public int Contexts { get; set; } = 8;

    /// <summary>How long a run's pages stay open without a call; 10 seconds to 1 day, default 5 minutes. The browser ends when nothing is open for as long.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a page has for one thing that it is asked; 1 second to 2 minutes, default 10 seconds. A page that does not answer is closed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of one download; 1 KiB to 1 GiB, default 50 MiB.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public int DownloadLimit { get; set; } = 50 * 1024 * 1024;

    /// <summary>Memory of the browser with all pages, in MiB; 256 to 65,536, default 2,048. A page that wants more crashes.</summary>
    [Range(256, 65_536)]
    public int MemoryMb { get; set; } = 2_048;

    /// <summary>Processes and threads of the browser; 200 to 32,768, default 2,000.</summary>
    [Range(200, 32_768)]
    public int Processes { get; set; } = 2_000;

    /// <summary>Processors that the browser may keep busy where control groups can be written; 0.1 to 256, default 2.</summary>
    [Range(0.1, 256)]
    public double Processors { get; set; } = 2;

    /// <summary>Control groups: <c>auto</c> uses them where they can be written, <c>off</c> never. Default: <c>auto</c>.</summary>
    [RegularExpression("^(auto|off)$")]
    public string ControlGroups { get; set; } = "auto";
}

/// <summary>What holds the browser in.</summary>
public enum BrowserSandbox
{
    /// <summary>Bubblewrap where it works; else the browser's own sandbox, for which the server must not run as root.</summary>
    Auto,

    /// <summary>Bubblewrap around the browser's own sandbox, or no browser.</summary>
    Bubblewrap,

    /// <summary>The browser's own sandbox alone.</summary>
    Chromium,

    /// <summary>Nothing: whoever breaks the browser has the rights of the server. Only where something else holds it in.</summary>
    None,
}
