using System.ComponentModel.DataAnnotations;

namespace Minion.Tools.Sandboxes;

/// <summary>What code of agents may use up, and where it runs.</summary>
public sealed class SandboxOptions
{
    /// <summary>The section in the configuration.</summary>
    public const string Section = "Tools:Sandbox";

    /// <summary>Whether code may run at all, where bubblewrap is installed. Default: yes.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The program bubblewrap, when it is not on the path.</summary>
    public string Bubblewrap { get; set; } = "";

    /// <summary>Where the files of sessions and calls are kept; default: <c>sandboxes</c> in the data folder.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Memory of one sandbox with its files, in MiB; 64 to 65,536, default 512.</summary>
    [Range(64, 65_536)]
    public int MemoryMb { get; set; } = 512;

    /// <summary>Processes and threads at a time in one sandbox; 16 to 4,096, default 128.</summary>
    [Range(16, 4_096)]
    public int Processes { get; set; } = 128;

    /// <summary>Processors that one sandbox may keep busy where control groups can be written; 0.1 to 256, default 1.</summary>
    [Range(0.1, 256)]
    public double Processors { get; set; } = 1;

    /// <summary>Processor time of one call, in seconds; 1 to 3,600, default 60.</summary>
    [Range(1, 3_600)]
    public int CpuSeconds { get; set; } = 60;

    /// <summary>Seconds that a call may take when it does not say; 1 to 540, default 60.</summary>
    [Range(1, 540)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <summary>Seconds that a call may ask for; 1 to 540, default 300.</summary>
    [Range(1, 540)]
    public int LongestTimeoutSeconds { get; set; } = 300;

    /// <summary>Size of the home folder, in MiB; 1 to 4,096, default 64. It counts as memory while a call runs.</summary>
    [Range(1, 4_096)]
    public int HomeMb { get; set; } = 64;

    /// <summary>Size of <c>/tmp</c>, in MiB; 1 to 4,096, default 64. It counts as memory.</summary>
    [Range(1, 4_096)]
    public int TemporaryMb { get; set; } = 64;

    /// <summary>Files and folders that one sandbox may have at a time; 100 to 1,000,000, default 20,000.</summary>
    [Range(100, 1_000_000)]
    public int Files { get; set; } = 20_000;

    /// <summary>KiB of each output that are kept: its beginning and its end; 1 to 256, default 16.</summary>
    [Range(1, 256)]
    public int OutputKb { get; set; } = 16;

    /// <summary>MiB of output after which a call is ended; 1 to 1,024, default 16.</summary>
    [Range(1, 1_024)]
    public int MostOutputMb { get; set; } = 16;

    /// <summary>Sandboxes at a time in this process; 1 to 1,000, default 32. As many calls again times 16 wait.</summary>
    [Range(1, 1_000)]
    public int Concurrent { get; set; } = 32;

    /// <summary>Sessions whose files are kept; 1 to 100,000, default 1,000. The one idle for longest goes first.</summary>
    [Range(1, 100_000)]
    public int Sessions { get; set; } = 1_000;

    /// <summary>Minutes after its last call that a session's files are kept; 1 to 10,080, default 60.</summary>
    [Range(1, 10_080)]
    public int IdleMinutes { get; set; } = 60;

    /// <summary>
    /// Hosts that code may connect to, through a proxy: <c>pypi.example</c>, <c>*.corp.example</c>, <c>api.example:8443</c>, <c>*</c>. Without a
    /// port: 80 and 443. Addresses that are not public must be allowed by <c>Tools:Network:Allow</c> too. At most 1,000; default: none, no network.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>Folders besides <c>/usr</c> that code may read, for example <c>/opt/python</c>; at most 100, default: none.</summary>
    public IList<string> ReadOnlyFolders { get; } = [];

    /// <summary>Control groups: <c>auto</c> uses them where they can be written, <c>off</c> never. Default: <c>auto</c>.</summary>
    [RegularExpression("^(auto|off)$")]
    public string ControlGroups { get; set; } = "auto";
}
