using System.Text.Json;
using Minion.Tools.Policies;

namespace Minion.Tools.Tests.Policies;

public sealed class ConditionTests
{
    [Theory]
    [InlineData("""{"path":"/workspace/a.txt"}""", "path under /workspace", "Yes")]
    [InlineData("""{"path":"/workspace"}""", "path under /workspace", "Yes")]
    [InlineData("""{"path":"/workspace/./x/../a"}""", "path under /workspace", "Yes")]
    [InlineData("""{"path":"/workspace/../etc/passwd"}""", "path under /workspace", "No")]
    [InlineData("""{"path":"/workspaces/a"}""", "path under /workspace", "No")]
    [InlineData("""{"path":"/WORKSPACE/a"}""", "path under /workspace", "No")]
    [InlineData("""{"path":"a/b"}""", "path under a", "Yes")]
    [InlineData("""{"path":"../a"}""", "path under a", "Unknown")]
    [InlineData("""{"path":"a/b"}""", "path under /a", "No")]
    [InlineData("""{"path":"/workspace\\..\\x"}""", "path under /workspace", "Unknown")]
    [InlineData("""{"path":"C:/x"}""", "path under /", "Unknown")]
    [InlineData("""{"path":"~/x"}""", "path under ~", "Unknown")]
    [InlineData("""{"path":"/workspace/\u0000"}""", "path under /workspace", "Unknown")]
    [InlineData("""{"path":7}""", "path under /workspace", "Unknown")]
    [InlineData("{}", "path under /workspace", "Unknown")]
    [InlineData("""{"path":"/b/x"}""", "path under /a, /b", "Yes")]
    [InlineData("""{"host":"example.com"}""", "host in example.com, *.example.org", "Yes")]
    [InlineData("""{"host":"EXAMPLE.COM."}""", "host in example.com", "Yes")]
    [InlineData("""{"url":"https://api.example.org:8443/x?y"}""", "host in example.com, *.example.org", "Yes")]
    [InlineData("""{"url":"https://example.com@evil.net/"}""", "host in example.com", "No")]
    [InlineData("""{"url":"https://evil.net\\@example.com/"}""", "host in example.com", "Unknown")]
    [InlineData("""{"url":"https://evilexample.com/"}""", "host in *.example.com", "No")]
    [InlineData("""{"url":"nothing"}""", "host in example.com", "Unknown")]
    [InlineData("""{"host":"evil.net:80#.example.org"}""", "host in *.example.org", "Unknown")]
    [InlineData("""{"host":"evil.net?.example.org"}""", "host in *.example.org", "Unknown")]
    [InlineData("""{"host":"evil.net:80"}""", "host in evil.net", "Unknown")]
    [InlineData("""{"host":"2130706433"}""", "host in 127.0.0.1", "Yes")]
    [InlineData("""{"url":"http://[::1]/"}""", "host in ::1", "Yes")]
    [InlineData("""{"host":"my_service.internal"}""", "host in my_service.internal", "Yes")]
    [InlineData("""{"amount":99.99}""", "amount < 100", "Yes")]
    [InlineData("""{"amount":100}""", "amount < 100", "No")]
    [InlineData("""{"amount":1e2}""", "amount <= 100", "Yes")]
    [InlineData("""{"amount":100.00000000000000000001}""", "amount > 100", "Yes")]
    [InlineData("""{"amount":"1"}""", "amount < 100", "Unknown")]
    [InlineData("""{"order":{"amount":5}}""", "order.amount >= 5", "Yes")]
    [InlineData("""{"kind":"b"}""", "kind in a, b", "Yes")]
    [InlineData("""{"kind":"c"}""", "kind in a, b", "No")]
    [InlineData("""{"kind":"a b"}""", "kind = 'a b'", "Yes")]
    [InlineData("""{"name":"x.key"}""", "name matches *.key", "Yes")]
    [InlineData("""{"on":true}""", "on = true", "Yes")]
    [InlineData("""{"n":1.0}""", "n = 1", "Yes")]
    [InlineData("""{"n":1}""", "n != 2", "Yes")]
    [InlineData("""{"a":1}""", "exists a and not exists b", "Yes")]
    [InlineData("""{"a":1}""", "a = 2 or a = 1 and a < 5", "Yes")]
    [InlineData("""{"a":1}""", "(a = 2 or a = 1) and a > 5", "No")]
    [InlineData("""{"a":1}""", "exists b and b > 5", "No")]
    [InlineData("{}", "tainted", "No")]
    [InlineData("{}", "irreversible and always", "Yes")]
    [InlineData("{}", "read_only", "No")]
    public void A_condition_is_judged(string arguments, string condition, string verdict) =>
        Condition.Parse(condition).Judge(Facts(arguments), forAll: true).ToString().ShouldBe(verdict);

    [Fact]
    public void Of_several_values_all_must_satisfy_what_is_required_and_one_suffices_for_what_is_forbidden()
    {
        var facts = Facts("""{"paths":["/workspace/a","/etc/passwd"]}""");

        Condition.Parse("paths under /workspace").Judge(facts, forAll: true).ShouldBe(Verdict.No);
        Condition.Parse("paths under /etc").Judge(facts, forAll: false).ShouldBe(Verdict.Yes);
        Condition.Parse("not paths under /workspace").Judge(facts, forAll: false).ShouldBe(Verdict.Yes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("path")]
    [InlineData("path under")]
    [InlineData("path under /a /b")]
    [InlineData("amount < ten")]
    [InlineData("amount < 1e9999999")]
    [InlineData("(tainted")]
    [InlineData("tainted or")]
    [InlineData("and tainted")]
    [InlineData("a ! b")]
    [InlineData("a = 'x")]
    [InlineData("not not not not not not not not not not not not not not not not not not not not not not a = 1")]
    public void What_is_no_condition_is_refused_with_its_reason(string text) => Should.Throw<FormatException>(() => Condition.Parse(text)).Message.Length.ShouldBeGreaterThan(10);

    [Fact]
    public void Random_texts_are_read_or_refused_and_nothing_else()
    {
        var random = new Random(20261120);
        string[] parts = ["and", "or", "not", "(", ")", "a", "b.c", "<", "<=", "=", "in", "under", "matches", "exists", "tainted", ",", "'x y'", "5", "/w", "*", "!", "\"", "🙂"];
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Join(random.Next(3) == 0 ? "" : " ", Enumerable.Range(0, random.Next(1, 12)).Select(_ => parts[random.Next(parts.Length)]));
            try
            {
                Condition.Parse(text).Judge(Facts("""{"a":1,"b":{"c":"/w/x"}}"""), forAll: i % 2 == 0);
            }
            catch (FormatException)
            {
                // Refused with a reason.
            }
        }
    }

    private static Facts Facts(string arguments) => new(JsonElement.Parse(arguments), Tainted: false, Irreversible: true, ReadOnly: false);
}
