using System.Diagnostics;
using System.Globalization;

namespace Minion.Orchestration.Runs.Engine.Failpoints;

/// <summary>
/// Kills this process (SIGKILL, as a power cut would) when a failpoint is passed for the n-th time. What is armed stands in a file, <c>name:n</c>, which is
/// read again at each failpoint, so that a running process can be armed; the hits count from when the file's content changed. Each failpoint that
/// is passed is a line in the file of the same name with <c>.hits</c> behind it.
/// </summary>
internal sealed class FailpointTrigger(string file, Action kill)
{
    private readonly Lock _lock = new();
    private string _armed = "";
    private string _name = "";
    private int _left;

    public FailpointTrigger(string file)
        : this(file, () => Process.GetCurrentProcess().Kill())
    {
    }

    public void Hit(string name)
    {
        lock (_lock)
        {
            File.AppendAllText(file + ".hits", name + "\n");
            var armed = File.Exists(file) ? File.ReadAllText(file).Trim() : "";
            if (armed != _armed)
            {
                Arm(armed);
            }

            if (name == _name && --_left == 0)
            {
                kill();
            }
        }
    }

    private void Arm(string armed)
    {
        _armed = armed;
        var colon = armed.LastIndexOf(':');
        _name = colon < 0 ? armed : armed[..colon];
        _left = colon < 0 ? 1 : int.Parse(armed[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
