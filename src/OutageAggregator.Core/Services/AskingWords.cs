using System.Collections.Frozen;

namespace OutageAggregator.Core.Services;

/// <summary>
/// The words with which people ask whether something works, in the languages of the pages and some that are written much, and what
/// everybody has that fails, a phone or a bank: they name no service, so a search does without them. Some are names, too (Now, we, du):
/// those stay names where they begin a text that only asks otherwise.
/// <para>
/// It need not be complete, as a word that nobody knows is no veto either; what stands here decides whether "is chatgpt down?" names
/// ChatGPT and nothing else. Japanese, Chinese and Thai write without spaces, German and hashtags join words, and Arabic joins its article:
/// <see cref="Cover"/> tells whether what is left of a joined text only asks.
/// </para>
/// </summary>
internal static class AskingWords
{
    private const string English = """
        a about access accessible account again all already always am an and any anybody anyone app application apps are as at available
        back bad bank banking be been being blocked broadband broke broken bug bugs but by can cannot cant check checker closed com
        computer connect connected connecting connection could crash crashed crashes crashing currently dead did didn disconnected
        disconnecting disruption do does doesn doesnt doing don done dont down downdetector downtime electricity else email error errors
        every everyone everything everywhere fail failed failing fails failure failures fault faults fine for freezes freezing from frozen
        functioning get gets getting glitch glitches glitching going gone had has have having help here how http https i im in
        inaccessible incident incidents intermittent internet is isn isnt issue issues it its just keeps lag lagging laggy lags laptop
        latest load loading loads log logged logging login logout m mail maintenance may me mobile my near network new no not now of off
        offline on online only open opening opens or other our out outage outages page pages pc phone please power printer problem
        problems re reach reachable real reported reports responding response right router s server servers should showing shut sign
        signin site sites slow slowly so some someone start starting starts status still stopped stuck suddenly t than that the there they
        this time to today tonight trouble troubles tv unable unavailable unreachable up update updates us use users using ve very was
        wasn water we web webpage website websites were what whats when where whether which who why wifi will with wlan won wont work
        working works worldwide wrong www yet you your
        """;

    private const string Italian = """
        accede accedere accesso adesso aggiornamenti anche ancora apre apri aprono banca bloccata bloccati bloccato c carica caricano che
        ci come con connessione connette cos cosa da dal del della di disservizi disservizio dove e entra entrare errore errori esce ferma
        fermo funge funziona funzionano funzionante fuori giu giù gli guasti guasto ha hanno i il in internet invia l la le lenta lente
        lento lo ma mai malfunzionamenti malfunzionamento manutenzione mi mia mio nel non o offline oggi ora per perché più problema
        problemi qualche qualcuno quando rete rotto segnalazione segnalazioni servizi servizio si sito solo sono sta stato su succede
        succedendo telefono tempo tutti un una uso va vanno voi è
        """;

    private const string Persian = """
        آیا اتصال اختلال اختلالات ارور از است الآن الان امروز امشب اپ اپلیکیشن اپلیکیشنش اکنون ایران این اینترنت با باز بالا بانک برا
        برامون برای برنامه بسته به بوده تلفن خارج خارجه خبر خراب خرابه خرابی خطا خطای خطایی داده دارد دارن دارند داره دارین دان در دراومده
        دسترس دچار دیگه را رفته رو روی سایت سرور سرورها سرورهای سرویس شد شدن شده شما شود عمل فعال فعلا فیلتر فیلتره قطع قطعش قطعه قطعی
        قطعیه لاگین لود ما متصل مسدود مشکل مشکلات مشکلش مشکلی من می میاد میره میشه میشود میکند میکنه ندارد نداره نشد نشده نمی نمیاد نمیده
        نمیره نمیشه نمیشود نمیکند نمیکنه نیست نیستش هست هستش هم همه هنوز هنوزم و وب ورود وصل وصله وضع وضعیت پرید چت چرا چشه چطور چطوره چه
        چی چیست چیه کار کجا کردن کرده کسی کشور کل کلا کند کنده کنه یا یه
        """;

    private const string Spanish = """
        abre abren abrir acceder acceso actualización ahora algo alguien algún anda andan antes aplicación avería averías ayer aún banco
        bien bloqueado caen caer carga cargan cargar cayó caída caídas caído caídos con conecta conectar conexión corte cortes cuando cuál
        cuándo cómo de deja desde día dónde el ella en entra entrar error errores es esta estado estar este está están falla fallan
        fallando fallas fallo fallos fue fuera funciona funcionamiento funcionan funcionando funcionar funcione ha hay hoy incidencia
        incidencias iniciar internet interrupción la las lenta lento lo los línea mal mantenimiento me mi mismo muy no nos nuevo otra otro
        para pasa pasando pasó por porqué problema problemas pude puede puedo página que quien qué red saturado se servicio servicios
        servidor servidores sesión si sigue siguen sin sitio su también teléfono tengo tiene todavía todos un una va ver y ya yo
        """;

    private const string German = """
        abgestürzt aktuell aktuelle alle allen am an anmelden anmeldung auch auf aus ausfaelle ausfall ausfälle ausgefallen bei beim bin
        bitte da das dem den der die down ein eine einem einen einloggen erreichbar fehler fehlermeldung funktionieren funktioniert für
        ganz gehen geht gehts gerade gesperrt gestern gestört gibt grad großstörung habe haben handy hat heute hier hängt ich im immer
        irgendwas ist jemand jetzt kann kaputt kein keine keinen klappt komme kommt laden langsam liegt los lädt läuft mal man mein meine
        mich mir mit moment momentan morgen nach nicht nichts nix noch nur nutzer oder offline problem probleme schon sein seine seit
        seite sich sie sind spinnt startet stimmt stoerung stoerungen strom störung störungen störungsmeldung telefon tot um und
        unerreichbar verbinden verbindung verbindungsprobleme vom von wann warum was webseite weg wegen weil weiter welche wer werden wie
        wieder wieso wird wo zeit zu zum zur zurzeit öffnen öffnet überlastet
        """;

    private const string French = """
        accès accéder actualité actuellement ai appli application après arrêt au aujourd aussi avec avez banque bloqué bogue bug bugs
        bugue c ce cette charge chargement charger comment connecte connecter connexion coupure coupures cours d dans de depuis des
        disponible du dysfonctionnement elle en encore est et eu fait fonctionne fonctionnement fonctionnent fonctionner générale heure
        hors hs hui ici il ils impossible inaccessible incident incidents indisponible interruption j je jour l la le lent lente les leur
        leurs ligne m ma maintenance maintenant mais marche marchent marcher mes moi moment mon n ne ni non nous on ont ou ouvre ouvrir où
        panne pannes par pas passe perturbation perturbations peut peux plante planté plus pour pourquoi problème problèmes qu quand que
        quel quelle quelqu qui quoi rame retour réseau s sa sans se serveur serveurs ses si signalement site soir son sont souci soucis
        soudain statut sur t tombé tombée toujours tous tout téléphone un une va vos votre vous y ça état
        """;

    private const string Portuguese = """
        abre abrem abrindo abrir acessa acessar acesso acontecendo aconteceu agora ainda algum alguém ao aos aplicativo ar as atualização
        até banco bug bugado bugou caem cai caindo caiu carrega carregando carregar caíram com como conecta conectar conexão consegue
        consigo conta da das de deixou deu dificuldade do dos e ela ele em entra entrando entrar erro erros estava está estão eu existe
        falha falhando falhas foi fora funciona funcionam funcionando funcionar funcionou hoje indisponível inoperante instabilidade
        instabilidades instável isso já lenta lentidão lento login mais mas me meu minha muito na nada nao nas nem nesse neste ninguém no
        nos não o onde ontem os ou para parado parou pela pelo por porque porquê pq pra problema problemas qual quando que queda quedas
        quem quê rede sem servidor servidores serviço serviços será seu sistema site sobre só também telefone tem tendo tenho ter todo
        todos travado travando tudo tá tão um uma vai você volta voltou é
        """;

    private const string Arabic = """
        ا اتصال احد احدث اذا اشتغل اصلاح اعطال اغلاق ال الآن الان الانترنت البنك التطبيق الحين الخدمة الخدمه الدخول السيرفر السيرفرات
        المشكلة المشكله الموقع النت الوضع الى اليوم انا انقطاع انقطع او اي ايش ايه باقي بال برنامج بسبب بطء بطئ بطيء بعد بعض بنك به بها
        تحديث تحميل تسجيل تشتغل تطبيق تعطل تعطلت تعليق تعمل تفتح توقف توقفت جميع حالة حاله حاليا حجب حد حدث حصل خارج خاص خدمات خدمة خدمه
        خراب خربان خطأ خلل دخول دلوقتي راح رد سقط سقوط سيرفر سيرفرات شبكة شغال شغالة شغاله شو صيانة ضرب ضعيف طاح طاحت طايح عالق عالم عالمي
        عام عامة عطل عطلان عطلانة على عليه عم عن عند عندك عندكم عندي غير فتح فصل فى في فيه قاطع قفل كل كيف لا لل لم لماذا له لها ليس ليش
        ليه ما ماذا مالها مالهم متاح متاحة مترجع متصل متعطل متوقف محجوب محد محظور مدى مرة مره مش مشاكل مشتغل مشغول مشكل مشكلة مشكله مع
        معطل معطلة معلق مغلق مفصول مقطوع مقفل ممكن من مهنج مو موقع نت هاذا هذا هذه هل هلق هنا هو هي و واقع واقف واقفة وال وش وين يحمل يدخل
        يرسل يشتغل يعلق يعمل يفتح يفصل
        """;

    private const string Turkish = """
        a acaba acil acilmiyor aksaklık aksama alamıyorum an anda ariza artık arıza arızalı arızası açar açık açılma açılmadı açılmıyor
        açılıyor ağır baglanti bakım banka bankası bağlanamıyorum bağlanma bağlanmıyor bağlantı bağlanılmıyor ben bende bi bir bize bozuk
        bozuldu bu bugun bugün calisiyor calismiyor cevap coktu cöktü da daki dan de den devam değil diye duran durdu düzeldi düştü e eden
        edilmiyor elektrik engel engeli engellendi engelli erisim erişilemiyor erişim erişime etti geldi gelmiyor gidiyor giremiyorum
        girilemiyor girilmiyo girilmiyor giris giriş girme gitmiyor gitti gün güncel haber hala hata hatası herkes herkeste hiç i ile in
        internet için kaldırıldı kapalı kapandı kapatıldı kesik kesildi kesinti kesintisi kilitlendi mesajlar mevcut mi midir mu mudur mü
        mı mıdır nasıl ne neden nedeni nerede nin niye niçin nun nün nın olan oldu olmuyor oluyor on sadece sayfa sayfası site sitesi son
        sorun sorunlar sorunları sorunlu sorunu su sunucu sunucular sunucuları sıkıntı ta tan te telefon ten u ulaşılamıyor un uygulama
        uygulaması va var ve ya yavaş yavaşladı yaşanıyor ye yi yine yok yoksa yuklenmiyor yüklenmiyor yı zaman çalışmama çalışmıyor
        çalışır çalışıyor çevrimdışı çok çökme çökmüş çöktü çöküş ü ün ı ın şimdi şu
        """;

    private const string Polish = """
        aktualnie ale aplikacja aplikacji awaria awarie awarii awarię bank blad bledy brak był błąd błędy ciągle co coś czemu czy dlaczego
        do dostępu dziala działa działają dzis dzisiaj dziś gdzie i ja jak jest już kiedy kto laduje leży logowania logowanie logować m
        mam mi mnie moja można mój na nad nic nie niedostępna niedostępne niedostępny nikt o obecnie od odpowiada otwiera otworzyć pada
        padł padła padło po pobiera pod połączenia połączenie połączyć problem problemu problemy problemów przerwa przerwy przestał przez
        przy rano serwer serwera serwery serwerów siada sie sieci się strona strony są ta tak tam te telefon teraz też to tu u usterka
        usterki usługa usługi w wam was wczoraj wczytuje we wejść wolno wolny wszyscy wszystkim wysyła włącza z za zablokowany zalogować
        zaloguj zawiesza ze zepsuty ładuje żeby
        """;

    private const string Japanese = """
        あった あり ある いつ いつから いつまで いま いる おかしい おち か かな から が この これ さっき した している してます してる しない する ずっと せず ぜんぜん た だけ だった だれか つながらない つながりにくい つながる つらい
        て で できた できない できなく できる でしょうか です ですか と とか ところ ない なう なぜ なっ なった なってる なに なの なん なんで に の は ば ひらかない へ ます ますか また まだ まで みれない みんな も や やばい よ
        よう わけ を ん アカウント アクセス アクセスできない アプリ エラー サイト サーバ サーバー サービス ダウン ダウン中 バグ バグった バグってる ブラウザ メンテ メンテナンス メンテ中 リアルタイム ログ ログイン ログインできない 一時的
        不具合 不安定 不通 中 今 今日 何 何が 何で 使えない 使えなくなった 使えません 使用できない 停止 停止中 入れない 全国 利用できない 動かない 動作しない 原因 受信できない 回線 固まる 圏外 大丈夫 大規模 対処法 対応 復旧 情報 接続
        接続できない 故障 日 昨日 最新 本日 止まった 止まってる 止まる 死んだ 死んでる 治らない 状況 現在 理由 生きてる 発生 発生中 直った 直らない 私だけ 繋がらない 繋がらなく 繋がりにくい 繋がる 自分だけ 落ち 落ちた 落ちて 落ちている
        落ちてます 落ちてる 落ちました 落ちる 表示されない 見られない 見れない 読み込まない 読み込めない 起動しない 送れない 送信できない 通信 通信できない 通信障害 速報 遅い 遅延 重い 閉鎖 開かない 開けない 障害 障害中 障害情報 障害発生 電波
        電話 鯖 鯖落ち
        """;

    private const string Hindi = """
        aaj ab abhi band chal chalu gaya gya h hai hain ho hogaya hua hui ka kaam kab kar karega ke khul khulta ki ko koi kya kyo kyon kyu
        kyun mai me mein mera nahi nahin nai nhi nhin par raha rahe rahi rha rhi sab se tha thap theek thik to toh अब अभी आ आई आउटेज आज
        आया इंटरनेट इन इस इसे एक एप एरर ऐप और कब कर करता करने करें कल का काम कि की के कैसे को कोई कौन क्या क्यूँ क्यूं क्यों खराब ख़राब
        खुल खुलता खुला खोल गई गए गया चल चलता चलना चला चालू जा जी टूटा ठप ठीक डाउन तक तो था थी दिक्कत दिक्कतें धीमा न नही नहीं ना ने
        नेटवर्क पर परेशानी पे फिर बंद बन्द बहुत बैंक भी मुझे में मेरा मेरी मेरे यह या ये रहा रही रहे रुका लॉग लॉगिन लोड वेबसाइट सब सबका
        सभी समय समस्या समस्याएं सर्वर साइट से सेवा सेवाएं स्टेटस स्लो हम हमारा हाल हुआ हुई हुए हूँ हूं है हैं हो होगा होता
        """;

    // Not languages of the pages (yet): Russian, Ukrainian, Dutch, Korean, Chinese, Thai, Indonesian, Vietnamese, Greek, Hebrew, Georgian.
    private const string Others = """
        а блокировка блокировали блокируют был в вход входит войти вчера где глючит грузит грузится для до доступ доступа ещё заблокирован заблокировали завис
        загружается заходит и из или как когда лагает лежит ли меня на не недоступен недоступна недоступно неполадки нет ничего об обвал ограничения
        онлайн опять открывается отключили отключён отправляет отправляются ошибка ошибки перестал по пашет почему приложение проблема проблемы пропал
        работает работают работать с сайт сбой сбои сбоит сегодня сейчас сервер сервера серверы сломался со срочно статус тормозит у упал упала упало
        упали что это я впн без vpn
        або зараз збій збої сьогодні працює працюють чому чи що проблеми лежить не вдалося помилка
        bereikbaar doet doen een er gaat heeft het ik inloggen kapot laadt met mijn niet nu of op plat probleem problemen storing storingen vandaag waarom
        wat weer werk werken werkt wie zijn
        가 가요 거 과 나 나요 는 은 이 을 를 도 의 에 에서 로 와 왜 왜이래 왜이러 요 안 안됨 안돼 안돼요 안되 안되네 안되나요 안됩니다 안되는 오늘 오류 접속 접속불가 접속장애 접속오류 장애 서버 서버다운 다운 먹통 로그인 로그인안됨
        느림 느려 터짐 터졌 터졌나요 문제 지금 상태 점검 앱 사이트 홈페이지 열리지 중단 차단
        不 不了 不能 不能用 了 今天 今日 什么 什麼 出 出问题 出問題 到底 又 发生 吗 嗎 呢 啊 故障 崩 崩了 崩溃 崩潰 打不开 打不開 怎么 怎麼 怎么了 怎么回事 怎麼了 挂 挂了 掛了 无法 無法 无法访问 无法登录 是 是不是 有 服务 服务器 服務器 伺服器 正常 死 没 沒 用不了
        登不上 登不进 登录 登錄 登陆 登入 的 网站 網站 网页 网络 连不上 連不上 连接 问题 問題 错误 錯誤 当机 當機 宕机 官网 恢复 维护 維護 进不去 進不去 現在 现在 为什么 為什麼 是否 壞了 坏了 加载 加载不出来 卡 慢 大规模
        ล่ม ล่มไหม ล่มมั้ย ล่มหรือเปล่า ใช้ไม่ได้ ใช้งานไม่ได้ เข้าไม่ได้ เข้าไม่ได้วันนี้ วันนี้ ตอนนี้ ทำไม เป็นอะไร มีปัญหา ปัญหา ขัดข้อง ไหม มั้ย ไม่ได้ อีกแล้ว หรือ เปล่า เว็บ แอพ แอป ช้า
        ada apa apakah bisa bermasalah buka dibuka eror gangguan ga gak gabisa gk hari ini kenapa lagi lemot masalah mengapa nggak saat sedang tidak
        bị chậm có đang được gì hôm không lỗi mạng máy nay này rồi sao sập tại thế truy cập vào
        από αυτή γιατί δε δεν δουλεύει είναι έπεσε η ή και κολλάει λειτουργεί μου να ο πέσει πρόβλημα προβλήματα σήμερα σύνδεση σφάλμα τι το τα τώρα έχει
        או איך אין את בעיה בעיות היום הוא היא השרת זה יש כרגע לא למה מה נפל נפלה עובד עובדת עכשיו קרס קרסה של תקלה תקלות
        არ არა გათიშულია დღეს პრობლემა რა რატომ მუშაობს მუშაობდა ხდება ჩავარდა
        банк 은행 银行 בנק
        """;

    private static readonly FrozenSet<string> s_all = string.Join(
            ' ', English, Italian, Persian, Spanish, German, French, Portuguese, Arabic, Turkish, Polish, Japanese, Hindi, Others)
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(w => NameFolding.Fold(w)).Where(w => w.Length > 0)
        .ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_lookup = s_all.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly int s_longest = s_all.Max(w => w.Length);

    /// <param name="folded">One word, folded.</param>
    internal static bool Contain(ReadOnlySpan<char> folded) => s_lookup.Contains(folded);

    /// <summary>
    /// For each place in a text, whether all that stands before it (or behind it) is nothing but such words joined.
    /// </summary>
    /// <param name="folded">A text, folded.</param>
    /// <param name="shortest">Words of fewer letters are not taken for such.</param>
    /// <param name="behind">False for what stands before a place, true for what stands behind it.</param>
    internal static bool[] Cover(ReadOnlySpan<char> folded, int shortest, bool behind)
    {
        var covered = new bool[folded.Length + 1];
        covered[behind ? folded.Length : 0] = true;
        for (var done = 0; done < folded.Length; done++)
        {
            var at = behind ? folded.Length - done : done;
            for (var length = shortest; covered[at] && length <= Math.Min(s_longest, folded.Length - done); length++)
            {
                var from = behind ? at - length : at;
                if (Contain(folded.Slice(from, length)))
                    covered[behind ? from : from + length] = true;
            }
        }
        return covered;
    }
}
