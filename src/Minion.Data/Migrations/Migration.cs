using System.Security.Cryptography;
using System.Text;

namespace Minion.Data.Migrations;

/// <summary>One migration as the program carries it; Down is null when there is no file to go down with.</summary>
internal sealed record Migration(int Version, string Name, string Up, string? Down)
{
    public string UpFile => $"{Version:000}_{Name}.up.sql";

    public string DownFile => $"{Version:000}_{Name}.down.sql";

    /// <summary>SHA-256 of the text, the same for both kinds of line ends.</summary>
    public string Checksum { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Up.Replace("\r\n", "\n", StringComparison.Ordinal))));
}

/// <summary>One migration as the database remembers it.</summary>
internal sealed record AppliedMigration(int Version, string Name, string Checksum, DateTimeOffset AppliedAt)
{
    public string UpFile => $"{Version:000}_{Name}.up.sql";
}
