/**
 * The groups of four characters that are met most often in text, source, bytecode and programs, as counted, by falling
 * frequency: of those that stand in what the prefilter looks for, all that are met ten times in a million bytes.
 */
export const FREQUENT_GROUPS: readonly string[] = (
  'tion|test|name|atio|type|est_|ions|----| for| to |ing |ment| of |for |asse|valu|port|alue|' +
  'sion|sert|requ|code|stri|file| con|ring|ptio|": "|with|eque|ctio|trin|able|data|cont|oper|' +
  'http|comp|": {|ourc|sour|urce|from| wit|root|stat|ine |time|e": |line|aaaa|mpor|serv|init|' +
  "impo|cati|.com|conf|umen|spec|', '|erat|ent |mple| use|ort |ssl_|tati|ted |dule|onfi|text|" +
  'modu|odul|chec|nfig|heck|rom |cons| or | int|ttps|ault|base|faul|reat|atch|s://|ents|tps:|' +
  'ps:/|ting|defa|efau|crea|ated|s": |ages|pars|arse|com/|est.|eate|enti|e = |ass |s = |date|' +
  'cess|sign|trib|open|e in| typ|_con|ture|ecti|ate |b.co|tern|iter|ithu|thub|proj|gith| fro|' +
  'ion_|ifie|ning|icat|quir|equi|uire|load|dent|docu|pres|cume|ocum|t = |ient|ogle|goog|alid|' +
  'writ|vice|oogl|loud|clou|vali| set|lete|erve|ange|dict|e co|ator|ed t|ervi|ount| cha|work|' +
  'enco|ncod|ache|pack|cate|ect |pera|trac|rvic|rite|byte|d to| key|prin|pass|coun|tabl|oken|' +
  'user|toke|ings|ssio|ing"|eck_| on |impl|rint| add|lue |stor|use |lien|buil|conn|clie|rese|' +
  'ytes|exte|oint|n":"|sts.|cach|over|lock|poin|sync|rver|ntex|tran|pdat|lice|upda|t in|entr|' +
  'ffer|regi|dele|essi|ster|ense|rato|onne|tera|mode|cted|nnec|ed b|nect|set_| = {|ing.|tial|' +
  'rans|istr|ecte|rser|prot|orte|ent_|acka|ckag|ode | cre|auth|st_c|acce|pens|plic| pas|fied|' +
  'set |elet|tifi|link|erna|_com|ore |chan|cces|asyn|icen|one |enss|nssl|deco|iden|_sk_|_tes|' +
  'figu|igur|cens|lose|_val|ers |roto|ndex|: "s|d by|_pat|e se|ult |n": |ase.|der |", "|ons.|' +
  'prov|tes |put |estr|appl|tore|ocke| pri|word|ines|_pro|buff|ecod|uffe|lica|aliz|rovi|exec|' +
  'repl|xten|vide|hash|ter_|sent|ied |plac|_key|rnal|ent.|uild|ion(|lace|esta|ert |stra|reco|' +
  'ppli|host|ecur|atur|in s|ntry|ase |ovid|aria|n = |twor|igna|ect_|bloc|evel|arch|hang|etwo|' +
  'netw| pos|lize|":"s|ed w|g = |s co|eral|idat| log|peer|s":{|scal|izat|igne|zati| sig|d fo|' +
  'r a |rity|chem|d wi|sequ|ame=|.set|vert|join|h": |th":|tor |key |keys|ontr|ure |ure_|es =|' +
  "tric|toco|send| enc|nver|lida|_rea|che_|e', |rces|task|otoc|est(|etup|setu|epla| sec| aut|" +
  "ntif|ult_|tool|gist|ttin|new_|then|eser|egis|add_| byt|acke|te t|r x |free|n co|ntro| = '|" +
  ' "co|ntia|er a|conv|ts a|repo|sett|re i|ocol|_lin|acco|json|igno|etri|rypt|cryp|gnor|_sub|' +
  't_pa|st_a|nore|gned|rest|ched|"add|quot| dic| = "|onve|_fro|deci|cale|simp|atic|d": |get |' +
  'lang|ess_|ass_|etti| sou|iven|prox|ack_|thin| upd|wind|logg|ace |api_|ices|nary|end |bind|' +
  'eden|tica| "ad|ccou|endp|tnam|secu|.con|tatt|ndpo|ble_|trol| "pa|iali|ndow|sk_t|_sig|dpoi|' +
  ': "a|indo|rom_|d on|r co|t se|lite|nts.|e.co|xter|ints|t": |ort_| was|_bas|basi|rede|ing(|' +
  "inse|ouds| = a|rage|ser |': '|ect\"|nser|ort.|try |epar|ify |e-pa|imag|m', | \"lo| = (|pper|" +
  "oder|veri|imes|t', |d is|new |cred|mage|ent(|ode(|, 'm|ate(|post|mail|was |d of|ures|sess|" +
  'rack|flow|gle.|y = |st a|redi|urit|curi|thor|utho|atri|_cre|roxy|a re|ser.|etim|e_pa|tend|' +
  'epor|itho|ials|ible|tora|er()|ink |s se|s.co|ompo|ive_|= {}|_cli|er c|ivat|tcon|.clo|ertt|' +
  'modi| uns|erif|asic|key_|odif|gger| "en|h se|gnat|nspo|re",|"con|seri|ind_|natu|le.c|cord|' +
  'me: |orag|ost |into|eset|ing:|arn"|add |ure"|_ope|_ser|t_ca|ooki|real|rial|dati|_dec|e so|' +
  'ame:|iont|ansp|look|er s|<mod|eck |st_u|_enc|ass=|trip|ist_|alia|cook|sear|riva|c = |ploy|' +
  ", 'a|shar|ider|ule>|metr|lias|earc|esto|fig |eplo|depl|.run|e un|okie|rict|fix |hori|scii|" +
  "asci|_cod|ords|very|priv|hell|sibl|oriz|_use|h = |rnam|t us|eria|kind|s', |nges|rter|spor|" +
  '.cre|ionc| = b|uote|tine| ign|ncre| std|t_pr|vate|rify|ntax|ce i|ion=|hare|_api|prod|safe|' +
  'ed p|ent-|rt o| "al|_tok|put"|om s|ntic|ple_|gest|tect|th, |hook|e_li|rodu|if (|oduc|encr|' +
  'gres|inar|ntri|st",|, \'s|l_co|etry|ncry|_cac|ent"|t_si|stdi|er: |pers|st.s|ser_|st_o|d\', |' +
  're s|n\', |oud-|ttp_|r\', |ared|ord |ery |pen(|izer|ate"|tats|pose|ed_p|onso|y co|"cre|ice.|' +
  "elin|d se|st',|ng: |dows|ver_|-sdk|, 'c|algo|disc|ne a|onar|mest|cove|audi|padd|gure|show|" +
  'oud |t_va|ecre|push|ces.|oser|dump|r se|stam|sers|e ke|e ta|_sec|tamp|rt i|et_p|ncon|ng =|' +
  ' -- |ynam|lt: |atta|url |ool |_aut|atab|cker|out_|logi|devi|cret|pted|d pr|ete |y": |ect(|' +
  "ogge|_out|getc|t lo|der(| tab|.dec|sole|ntra|_log|assw|unix|th =|evic|er_i|ttp |a', |est-|" +
  'scre|.dat|, \'r| "se|erne|resh| hos|lt =|e", |ocsp|ify_|slic|er",|swor|t or|duct|ize(|ner |' +
  'ypto|er.c|ash_|elop|ces/|ue =| unl|ral |spro|_bin|rn c|: se|s.en|age"|inge|gent|uthe|aste|' +
  "ssl |rs =|.enc|nsol|/api|or u|agen|ing=|'con|ucti|s.re| 'co|abas|c', "
).split('|');
