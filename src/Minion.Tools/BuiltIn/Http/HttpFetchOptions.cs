using System.ComponentModel.DataAnnotations;

namespace Minion.Tools.BuiltIn.Http;

/// <summary>Settings of <c>http_fetch</c>.</summary>
public sealed class HttpFetchOptions
{
    /// <summary>The section in the configuration.</summary>
    public const string Section = "Tools:HttpFetch";

    /// <summary>Bytes of an answer that are read, after decompression; 1 KiB to 16 MiB, default 2 MiB. What comes after is left out.</summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int MaxBytes { get; set; } = 2 * 1024 * 1024;
}
