using Minion.Tools.Context;

namespace Minion.Tools.Tests.Context;

public sealed class SourceSymbolsTests
{
    [Theory]
    [InlineData("a.cs", "public sealed class Cart\n{\n    public async Task<int> AddAsync(int n)\n    {\n        return n;\n    }\n    private int Hidden() => 1;\n}\ninternal record Item(int Id);", "Cart,AddAsync,Item")]
    [InlineData("a.py", "class Cart:\n    def add(self, n):\n        def inner(): pass\nasync def main():", "Cart,add,main")]
    [InlineData("a.ts", "export interface Cart {}\nexport default class Shop {}\nconst total = 1;\n  const inner = 2;", "Cart,Shop,total")]
    [InlineData("a.go", "package x\nfunc (c *Cart) Add(n int) {}\ntype Cart struct {}", "Add,Cart")]
    [InlineData("a.rs", "pub struct Cart {}\nimpl Cart {\n    pub fn add(&self) {}\n}", "Cart,add")]
    [InlineData("a.proto", "message Cart {\n  rpc Add(A) returns (B);", "Cart,Add")]
    [InlineData("a.sql", "CREATE TABLE shop.carts (id int);", "shop.carts")]
    [InlineData("a.txt", "class Cart {}", "")]
    public void What_a_file_declares_is_named(string file, string text, string symbols) =>
        string.Join(',', SourceSymbols.Of(file, text)).ShouldBe(symbols);
}
