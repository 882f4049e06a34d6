using System.Globalization;

namespace Minion.Tools.Sandboxes.Bubblewrap;

/// <summary>
/// The shell script that runs first in a sandbox: it unpacks files, runs the command under limits, and packs the home folder. All of it happens
/// inside, so that no path that the command has prepared is ever followed outside.
/// </summary>
internal static class InnerScript
{
    /// <summary>Exit code when files could not be unpacked.</summary>
    public const int NotUnpacked = 125;

    /// <summary>What follows the packed home folder when all of it is there.</summary>
    public const string Kept = "kept";

    private const string Unpack = "tar -xf - -C \"$HOME\" --no-same-owner <&{0} || exit 125; ";

    /// <summary>The script; its arguments are the command.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="before">There is a home folder from before.</param>
    /// <param name="files">There are files to add.</param>
    /// <param name="keep">The home folder is wanted afterwards.</param>
    /// <param name="network">The proxy is there.</param>
    public static string For(SandboxOptions options, bool before, bool files, bool keep, bool network)
    {
        var script = "umask 022; ";
        script += before ? string.Format(CultureInfo.InvariantCulture, Unpack, BubblewrapArguments.Descriptors.HomeBefore) : "";
        script += files ? string.Format(CultureInfo.InvariantCulture, Unpack, BubblewrapArguments.Descriptors.Files) : "";
        var limits = string.Create(
            CultureInfo.InvariantCulture,
            $"prlimit --nproc={options.Processes} --data={(long)options.MemoryMb << 20} --fsize={(long)options.HomeMb << 20} --cpu={options.CpuSeconds}:{options.CpuSeconds + 2} --core=0 --nofile=256:256 --memlock=65536 --msgqueue=65536 --sigpending=512");
        var start = network ? $"python3 -I -c '{Network.Forwarder.Script}' " : "";
        if (!keep)
        {
            return $"{script}exec {limits} {start}\"$@\" 4<&- 5<&- 6>&-";
        }

        // Holes in files are written out by tar, hence a limit for it too.
        var most = ((long)options.HomeMb << 20) + ((long)options.Files * 2048);
        return $"{script}{limits} {start}\"$@\" 4<&- 5<&- 6>&-; code=$?; "
            + $"prlimit --fsize={most} tar -cf - -C \"$HOME\" . >&6 2>/dev/null; [ $? -le 1 ] && echo {Kept} >&6; exit $code";
    }
}
