using System.ComponentModel.DataAnnotations;

namespace Minion.Models;

/// <summary>Where cached answers are shared.</summary>
public enum CacheSharing
{
    /// <summary>In Redis when there is one, else in the database when there is one, else nowhere.</summary>
    Auto,

    /// <summary>Nowhere: each process has its own.</summary>
    Memory,

    /// <summary>In Redis.</summary>
    Redis,

    /// <summary>In PostgreSQL.</summary>
    Postgres,
}

/// <summary>The response cache's settings, section <c>Models:Cache</c> of the configuration.</summary>
public sealed class CacheOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Models:Cache";

    /// <summary>Where answers are shared between processes; <c>Auto</c> unless set.</summary>
    [EnumDataType(typeof(CacheSharing))]
    public CacheSharing Sharing { get; set; }

    /// <summary>How many answers a process keeps in memory, 1 to 1,000,000; 10,000 unless set. The least recently used go first.</summary>
    [Range(1, 1_000_000)]
    public int MaxEntries { get; set; } = 10_000;

    /// <summary>How many bytes of memory they may take together, 65,536 to 17,179,869,184; 64 MiB unless set.</summary>
    [Range(65_536, 17_179_869_184)]
    public long MaxBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>The largest answer that is kept, in bytes, 1,024 to 16,777,216; 256 KiB unless set.</summary>
    [Range(1_024, 16_777_216)]
    public int MaxAnswerBytes { get; set; } = 256 * 1024;

    /// <summary>How many questions of one scope are compared, the newest ones, 1 to 100,000; 2,000 unless set.</summary>
    [Range(1, 100_000)]
    public int MaxQuestions { get; set; } = 2_000;

    /// <summary>How many answers of one tenant the database keeps, 1 to 10,000,000; 100,000 unless set. The oldest go first.</summary>
    [Range(1, 10_000_000)]
    public int MaxTenantEntries { get; set; } = 100_000;

    /// <summary>How long a look-up in the shared store may take, in milliseconds, 1 to 10,000; 250 unless set. Then it is a miss.</summary>
    [Range(1, 10_000)]
    public int SharedTimeoutMilliseconds { get; set; } = 250;
}
